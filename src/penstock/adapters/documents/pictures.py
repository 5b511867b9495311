"""Decodes uploaded images and encodes them again, so that no one else ever decodes what a stranger sent."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from penstock.kit.errors import PenstockError

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WebP": "image/webp"}
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, struct.error, zlib.error)
"""What the decoders raise for damaged images."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """An image that was encoded again. Units: `width` and `height` in pixels."""

    media_type: str
    content: bytes
    width: int
    height: int


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What is accepted of an image, and what is kept of it.

    `formats` are keys of `MEDIA_TYPES`. `max_side` and `kept` (width and height) are pixels: of an image that is larger than
    `kept`, a smaller one is kept. `invalid` makes the error of a reason.
    """

    formats: tuple[str, ...]
    max_side: int
    kept: tuple[int, int]
    invalid: Callable[[str], PenstockError]


def encoded_again(content: bytes, rules: Rules) -> Picture:
    """The image in an upload, upright and without anything but its pixels.

    Raises:
        PenstockError: `rules.invalid`, if it has another format, or is damaged or too large.
    """
    from PIL import Image, ImageOps  # here, because the import takes 50 ms

    too_large = f"the image must have at most {rules.max_side} × {rules.max_side} pixels"
    try:
        with Image.open(io.BytesIO(content), formats=tuple(name.upper() for name in rules.formats)) as image:
            form = str(image.format)
            if max(image.size) > rules.max_side:  # before any pixel is decoded
                raise rules.invalid(too_large)
            upright = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:  # its header says so, and the decoder does not even begin
        raise rules.invalid(too_large) from error
    except _UNREADABLE as error:
        names = f"{', '.join(rules.formats[:-1])} or {rules.formats[-1]}"
        raise rules.invalid(f"the body must be a {names} image") from error
    upright.thumbnail(rules.kept)
    media_type = next(kind for name, kind in MEDIA_TYPES.items() if name.upper() == form)
    return Picture(media_type=media_type, content=_encoded(upright, form), width=upright.width, height=upright.height)


def _encoded(image: Image, form: str) -> bytes:
    out = io.BytesIO()
    # JPEG has no transparency, and a PDF for archives has no colours of printers.
    converted = image.convert("RGB" if form == "JPEG" else "RGBA")
    converted.info.clear()  # only pixels are kept: no comments, and not the location of a photo
    converted.save(out, form, quality=90)
    return out.getvalue()
