"""What is kept of an uploaded image: its pixels, upright, in one of the accepted formats."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from penstock.adapters.documents.pictures import Rules, encoded_again
from penstock.core.invoices.document_errors import LogoInvalid

RULES = Rules(formats=("PNG", "JPEG", "WebP"), max_side=100, kept=(50, 50), invalid=lambda reason: LogoInvalid(reason=reason))


def image(form: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"  # turned by a quarter, with a description
    Image.new("RGB", size, "teal").save(out, form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_an_image_is_upright_and_nothing_but_pixels(form: str, media_type: str) -> None:
    found = encoded_again(image(form, (40, 20)), RULES)
    assert (found.media_type, found.width, found.height) == (media_type, 20, 40)
    assert b"taken at home" not in found.content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (image("GIF", (4, 4)), "must be a PNG, JPEG or WebP image"),
        (image("PNG", (101, 4)), "at most 100 × 100 pixels"),
        (b"no image", "must be a PNG, JPEG or WebP image"),
    ],
)
def test_anything_else_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(LogoInvalid, match=reason):
        encoded_again(content, RULES)
