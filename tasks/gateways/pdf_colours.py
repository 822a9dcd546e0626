"""The shades of a company's colour on paper: readable as text, light as a background."""

from __future__ import annotations

# WCAG 2.2, 1.4.3: text on white.
_CONTRAST = 4.5
_TINT = 0.07

Rgb = tuple[int, int, int]


def shades(accent: str) -> dict[str, str]:
    """`ink`: the accent, darkened until it can be read on white. `tint`: a breath of it, for a background."""
    rgb = int(accent[1:3], 16), int(accent[3:5], 16), int(accent[5:7], 16)
    return {"ink": _hex(_readable(rgb)), "tint": _hex(_mixed(rgb, (255, 255, 255), 1 - _TINT))}


def _readable(rgb: Rgb) -> Rgb:
    while contrast_with_white(rgb) < _CONTRAST:
        rgb = _mixed(rgb, (0, 0, 0), 0.08)
    return rgb


def contrast_with_white(rgb: Rgb) -> float:
    """From 1 (white) to 21 (black), as WCAG 2.2 defines it."""
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _mixed(rgb: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(one * (1 - share) + two * share) for one, two in zip(rgb, other, strict=True))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)
