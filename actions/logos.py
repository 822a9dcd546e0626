"""A company's logo: decoded, made small and written anew, so that nothing of the uploaded file is ever served."""

from __future__ import annotations

import io
from uuid import UUID

from PIL import Image, ImageOps

from actions import files
from actions.pictures import NotAPicture, TooManyPixels, drawn_anew, one_at_a_time
from domain.pictures import HEIGHT, MOST_BYTES, MOST_PIXELS, WIDTH, picture_format
from domain.refusals import Refusal
from models.unit_of_work import unit_of_work

FIELD = "logo"


async def put_logo(organisation_id: UUID, person_id: UUID, data: bytes) -> Refusal | None:
    """Make the picture the company's logo: a PNG of at most 1200 by 400 pixels. A Refusal says why not.

    Refuses `logo.missing`, `logo.too_large`, `logo.not_a_picture`, `logo.too_many_pixels`.
    """
    made = await one_at_a_time(lambda: redraw(data))
    if isinstance(made, Refusal):
        return made
    # The store first: a row never names a file that is not there. A file without a row harms nobody.
    sha256 = await files.put(organisation_id, made)
    await _set(organisation_id, person_id, sha256)
    return None


async def remove_logo(organisation_id: UUID, person_id: UUID) -> None:
    """Go without a logo from now on. The file stays: issued invoices show it."""
    await _set(organisation_id, person_id, None)


async def _set(organisation_id: UUID, person_id: UUID, sha256: bytes | None) -> None:
    async with unit_of_work(organisation_id, person_id) as work:
        changed = await work.connection.fetchval(
            "update organisation set logo_sha256 = $2, version = version + 1 "
            "where id = $1 and logo_sha256 is distinct from $2 returning true",
            organisation_id,
            sha256,
        )
        if changed:
            work.audit("organisation.changed", "organisation", organisation_id, ("logo_sha256",))


def redraw(data: bytes) -> bytes | Refusal:
    """The picture as a small PNG without anything else in it, or why not."""
    if not data:
        return Refusal("logo.missing", FIELD)
    if len(data) > MOST_BYTES:
        return Refusal("logo.too_large", FIELD, {"most": str(MOST_BYTES // 1024**2)})
    kind = picture_format(data)
    if kind is None:
        return Refusal("logo.not_a_picture", FIELD)
    try:
        return drawn_anew(data, kind, _png)
    except TooManyPixels:
        return Refusal("logo.too_many_pixels", FIELD, {"most": str(MOST_PIXELS // 1_000_000)})
    except NotAPicture:
        return Refusal("logo.not_a_picture", FIELD)


def _png(picture: Image.Image) -> bytes:
    # A large JPEG is decoded at a fraction of its size, which is all that is needed.
    picture.draft("RGB", (2 * WIDTH, 2 * HEIGHT))
    upright = ImageOps.exif_transpose(picture)
    has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    drawn = upright.convert("RGBA" if has_alpha else "RGB")
    drawn.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    # A new picture: `info` would carry profiles and comments along.
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    written = io.BytesIO()
    clean.save(written, "PNG", optimize=True)
    return written.getvalue()
