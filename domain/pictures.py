"""Which uploaded pictures are taken, by their first bytes and never by their name (S-18)."""

from __future__ import annotations

MOST_BYTES = 5 * 1024 * 1024
# One picture decoded is four bytes a pixel: 50 MB at most.
MOST_PIXELS = 12_500_000
# What a logo is kept as: sharp on paper at 300 dots an inch, small in an e-mail.
WIDTH, HEIGHT = 1200, 400


def picture_format(data: bytes) -> str | None:
    """PNG, JPEG or WEBP, or None for anything else; SVG is a program, so it is anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    return None
