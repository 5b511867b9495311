"""What the use cases on dashboards need of the outside."""

from __future__ import annotations

from typing import Protocol

from penstock.core.dashboards.models import WidgetImage


class ImageReader(Protocol):
    """Decodes uploaded images."""

    async def read(self, content: bytes) -> WidgetImage:
        """An image that was decoded and encoded again.

        Raises:
            WidgetImageInvalid: it is not a PNG, JPEG or WebP, or too large.
        """
