"""Decodes uploaded logos. What is stored was encoded again, so that no one else ever decodes what a stranger sent."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from penstock.adapters.documents.typesetting import Typesetter
from penstock.core.invoices.document_errors import LogoInvalid
from penstock.core.invoices.documents import Logo

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE = 4000
KEPT = (1200, 600)
"""Of a larger image a smaller one is kept: at 22 mm of height, these are more than 600 dots per inch. Units: pixels."""
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg"}
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, struct.error, zlib.error)
"""What the decoders raise for damaged images."""


class PillowLogos:
    """Implements `LogoReader`, on the thread of documents."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    async def read(self, content: bytes) -> Logo:
        return await self._typesetter.in_thread(lambda: logo_of(content))


def logo_of(content: bytes) -> Logo:
    """A logo of an image.

    Raises:
        LogoInvalid: it is not a PNG or JPEG, or too large.
    """
    from PIL import Image, ImageOps  # here, because the import takes 50 ms

    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as image:
            form = str(image.format)
            if max(image.size) > MAX_SIDE:  # before any pixel is decoded
                raise _too_large()
            upright = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:  # its header says so, and the decoder does not even begin
        raise _too_large() from error
    except _UNREADABLE as error:
        raise LogoInvalid(reason="the body must be a PNG or JPEG image") from error
    upright.thumbnail(KEPT)
    return Logo(media_type=FORMATS[form], content=_encoded(upright, form), width=upright.width, height=upright.height)


def _too_large() -> LogoInvalid:
    return LogoInvalid(reason=f"the image must have at most {MAX_SIDE} × {MAX_SIDE} pixels")


def _encoded(image: Image, form: str) -> bytes:
    out = io.BytesIO()
    # JPEG has no transparency, and a PDF for archives has no colours of printers.
    converted = image.convert("RGB" if form == "JPEG" else "RGBA")
    converted.info.clear()  # only pixels are kept: no comments, and not the location of a photo
    converted.save(out, form, quality=90)
    return out.getvalue()
