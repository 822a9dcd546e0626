"""A program that can not even start."""

raise SystemExit(7)
