"""A company's logo, decoded and drawn again, so that nothing but its pixels reaches a document.

This runs in the worker, where a picture made to hurt a decoder can hurt nothing else.
"""

from __future__ import annotations

import base64
import io
import warnings
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 24_000_000
# Fine enough for print at the size the template gives it (62 by 18 mm at 250 dots an inch).
BOX = (610, 178)
POINTS = (176.0, 51.0)


Drawn = tuple[str, float, float]


class UnusableLogo(ValueError):
    """The picture can not be used."""


@lru_cache(maxsize=16)
def redrawn(logo: str) -> Drawn:
    """A `data:` address of the logo given as base64, and its width and height in points.

    Refuses (UnusableLogo) what is not a PNG or JPEG picture or is too large.
    """
    data = base64.b64decode(logo)
    if len(data) > MAX_BYTES:
        raise UnusableLogo
    picture = _on_white(_opened(data))
    picture.thumbnail(BOX, Image.Resampling.LANCZOS)
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    scale = min(POINTS[0] / picture.width, POINTS[1] / picture.height)
    address = "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
    return address, round(picture.width * scale, 2), round(picture.height * scale, 2)


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if picture.width * picture.height > MAX_PIXELS:
                raise UnusableLogo
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnusableLogo from error
    except Image.DecompressionBombWarning as error:
        raise UnusableLogo from error
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Paper is white, and a picture without transparency is drawn faster."""
    seen = picture.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper
