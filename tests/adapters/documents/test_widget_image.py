"""Uploaded images of widgets."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from penstock.adapters.documents import widget_image
from penstock.adapters.documents.widget_image import KEPT, MAX_SIDE, image_of
from penstock.core.dashboards.errors import WidgetImageInvalid


def image(form: str, size: tuple[int, int] = (60, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_an_image_is_encoded_again(form: str, media_type: str) -> None:
    found = image_of(image(form))
    assert (found.media_type, found.width, found.height) == (media_type, 60, 30)
    assert Image.open(io.BytesIO(found.content)).format == form


def test_a_large_image_becomes_smaller() -> None:
    found = image_of(image("PNG", (KEPT[0] * 2, 20)))
    assert (found.width, found.height) == (KEPT[0], 10)


def test_other_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        image("PNG")[:40],
        image("GIF"),
        image("PNG", (MAX_SIDE + 1, 1)),
    ):
        with pytest.raises(WidgetImageInvalid):
            image_of(content)
    monkeypatch.setattr(widget_image, "MAX_KEPT_BYTES", 10)
    with pytest.raises(WidgetImageInvalid, match="too large"):
        image_of(image("PNG"))
