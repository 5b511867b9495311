"""Uploaded logos."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image

from penstock.adapters.documents.logo import KEPT, MAX_SIDE, logo_of
from penstock.core.invoices.document_errors import LogoInvalid


def image(form: str, size: tuple[int, int] = (60, 30), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode in "LP" else "teal").save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (image("PNG"), "image/png"),
        (image("PNG", mode="P"), "image/png"),
        (image("PNG", mode="LA"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("JPEG", mode="CMYK"), "image/jpeg"),
        (image("JPEG", mode="L"), "image/jpeg"),
    ],
)
def test_an_image_is_encoded_again(content: bytes, media_type: str) -> None:
    logo = logo_of(content)
    assert (logo.media_type, logo.width, logo.height) == (media_type, 60, 30)
    with Image.open(io.BytesIO(logo.content)) as kept:
        assert (kept.size, kept.mode) == ((60, 30), "RGBA" if media_type == "image/png" else "RGB")


def test_what_else_a_file_contains_is_not_kept() -> None:
    assert b"<script>" not in logo_of(image("PNG") + b"<script>").content
    assert b"<script>" not in logo_of(image("JPEG", comment=b"<script>")).content


def test_a_large_image_becomes_smaller_and_a_photo_upright() -> None:
    logo = logo_of(image("PNG", (2400, 600)))
    assert (logo.width, logo.height) == (KEPT[0], 300)
    turned = Image.Exif()
    turned[274] = 6
    logo = logo_of(image("JPEG", (60, 30), exif=turned))
    assert (logo.width, logo.height) == (30, 60)


@pytest.mark.parametrize(
    "content", [b"", b"no image", b"<svg/>", image("GIF"), image("BMP"), image("PNG")[:60], image("JPEG")[:200]]
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(LogoInvalid, match="must be a PNG or JPEG image"):
        logo_of(content)


def test_an_image_is_measured_before_it_is_decoded() -> None:
    with pytest.raises(LogoInvalid, match="at most 4000 × 4000 pixels"):
        logo_of(image("PNG", (MAX_SIDE + 1, 1)))
    header = struct.pack(">4sIIBBBBB", b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    with pytest.raises(LogoInvalid, match="at most 4000 × 4000 pixels"):
        logo_of(bomb + image("PNG")[33:])


def test_no_damaged_image_does_any_harm() -> None:
    for form in ("PNG", "JPEG"):
        good = image(form)
        for at in range(0, len(good), 3):
            with suppress(LogoInvalid):  # anything else fails
                logo_of(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
