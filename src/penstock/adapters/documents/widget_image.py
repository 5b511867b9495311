"""Reads the images of widgets."""

from __future__ import annotations

import msgspec

from penstock.adapters.documents.pictures import Rules, encoded_again
from penstock.adapters.documents.typesetting import Typesetter
from penstock.core.dashboards.errors import WidgetImageInvalid
from penstock.core.dashboards.models import WidgetImage

MAX_SIDE = 6000
KEPT = (2400, 2400)
"""Of a larger image a smaller one is kept. Units: pixels."""
MAX_KEPT_BYTES = 4_194_304
_RULES = Rules(
    formats=("PNG", "JPEG", "WebP"),
    max_side=MAX_SIDE,
    kept=KEPT,
    invalid=lambda reason: WidgetImageInvalid(reason=reason),
)


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
    picture = encoded_again(content, _RULES)
    if len(picture.content) > MAX_KEPT_BYTES:
        raise WidgetImageInvalid(reason="the image is too large; send it with fewer pixels or as JPEG")
    return WidgetImage(**msgspec.structs.asdict(picture))
