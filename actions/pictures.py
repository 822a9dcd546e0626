"""Pictures of strangers: opened within limits, drawn anew, so that nothing else of the file is kept.

What hides in a picture (its place and camera, a second file behind the first, a bomb of pixels) ends here.
"""

from __future__ import annotations

import asyncio
import io
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PIL import Image, UnidentifiedImageError

from domain.pictures import MOST_PIXELS

T = TypeVar("T")
# Pillow reads the size before anything else; beyond this it shall stop, not warn and go on.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

# One at a time: each may need 50 MB while it is decoded.
_thread = ThreadPoolExecutor(1, thread_name_prefix="picture")


class NotAPicture(Exception):
    """It can not be decoded."""


class TooManyPixels(Exception):
    """It would take more memory than any picture here should."""


async def one_at_a_time(work: Callable[[], T]) -> T:
    """Do what decodes a picture, beside everything else and after what others asked for."""
    return await asyncio.get_running_loop().run_in_executor(_thread, work)


def drawn_anew(data: bytes, kind: str, draw: Callable[[Image.Image], bytes]) -> bytes:
    """What `draw` makes of the picture, which is of `kind`, as its first bytes say.

    Raises NotAPicture, TooManyPixels.
    """
    try:
        # Only the decoder of that format: Pillow knows forty, each a door.
        with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            return draw(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise NotAPicture from None
