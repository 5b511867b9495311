"""The port that reads QR codes in pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.kit.errors import InvalidInput

MAX_PICTURE_BYTES = 1_048_576
MAX_PIXELS = 16_000_000
FIELD = "picture"


class PictureReader(Protocol):
    """Reads the QR codes in a picture, outside the server's process."""

    async def read(self, picture: bytes) -> Sequence[str]:
        """The texts of all codes in a PNG or JPEG; none if there are no codes.

        Raises:
            InvalidInput: it is not such a picture, or has too many bytes or pixels.
            Unavailable: too many pictures are waiting.
        """


def check_size(picture: bytes) -> None:
    """Check the size of a picture.

    Raises:
        InvalidInput: it is empty or too large.
    """
    if not picture:
        raise InvalidInput.field(FIELD, "must not be empty", "empty")
    if len(picture) > MAX_PICTURE_BYTES:
        raise InvalidInput.field(FIELD, f"must have at most {MAX_PICTURE_BYTES:,} bytes", "too_large")
