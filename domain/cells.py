"""Text for a spreadsheet's cells."""

from __future__ import annotations

# What spreadsheets take for the beginning of a formula, full-width forms included (OWASP, CSV injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would take it for a formula. Numbers are not text:
    a negative amount goes into its cell as a number. Who reads such a file back takes exactly one apostrophe off."""
    return f"'{text}" if text.startswith(_STARTS) else text
