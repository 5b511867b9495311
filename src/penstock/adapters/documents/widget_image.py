"""Decodes images of widgets. What is stored was encoded again, so that no browser ever decodes what a stranger sent."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from penstock.adapters.documents.typesetting import Typesetter
from penstock.core.dashboards.errors import WidgetImageInvalid
from penstock.core.dashboards.models import WidgetImage

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE = 6000
KEPT = (2400, 2400)
"""Of a larger image a smaller one is kept. Units: pixels."""
MAX_KEPT_BYTES = 4_194_304
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, struct.error, zlib.error)
"""What the decoders raise for damaged images."""


class PillowImages:
    """Implements `ImageReader`, on the thread of documents."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    async def read(self, content: bytes) -> WidgetImage:
        return await self._typesetter.in_thread(lambda: image_of(content))


def image_of(content: bytes) -> WidgetImage:
    """The image in an upload.

    Raises:
        WidgetImageInvalid: it is not a PNG, JPEG or WebP, or too large.
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
        raise WidgetImageInvalid(reason="the body must be a PNG, JPEG or WebP image") from error
    upright.thumbnail(KEPT)
    encoded = _encoded(upright, form)
    if len(encoded) > MAX_KEPT_BYTES:
        raise WidgetImageInvalid(reason="the image is too large; send it with fewer pixels or as JPEG")
    return WidgetImage(FORMATS[form], encoded, upright.width, upright.height)


def _too_large() -> WidgetImageInvalid:
    return WidgetImageInvalid(reason=f"the image must have at most {MAX_SIDE} × {MAX_SIDE} pixels")


def _encoded(image: Image, form: str) -> bytes:
    out = io.BytesIO()
    converted = image.convert("RGB" if form == "JPEG" else "RGBA")
    converted.info.clear()  # only pixels are kept: no comments, and not the location of a photo
    converted.save(out, form, quality=90)
    return out.getvalue()
