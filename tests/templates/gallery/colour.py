"""The contrast of two OKLCH colours as WCAG 2.2 counts it."""

from __future__ import annotations

import re
from math import cos, radians, sin

Oklch = tuple[float, float, float]
_TOKEN = re.compile(r"--([\w-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\);")


def tokens(css: str, theme: str) -> dict[str, Oklch]:
    """Every opaque colour token of the stylesheet in one theme."""
    pairs = {name: (light, dark) for name, light, dark in _TOKEN.findall(css)}
    return {name: _numbers(pair[theme == "dark"]) for name, pair in pairs.items()}


def contrast(one: Oklch, other: Oklch) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Oklch) -> float:
    """Relative luminance by way of linear sRGB, cut to the gamut of the screen."""
    lightness, chroma, hue = colour
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    r, g, b = (min(max(channel, 0.0), 1.0) for channel in (red, green, blue))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _numbers(text: str) -> Oklch:
    lightness, chroma, hue = (float(part) for part in text.split())
    return lightness, chroma, hue
