"""Reads uploaded logos."""

from __future__ import annotations

import msgspec

from penstock.adapters.documents.pictures import Rules, encoded_again
from penstock.adapters.documents.typesetting import Typesetter
from penstock.core.invoices.document_errors import LogoInvalid
from penstock.core.invoices.documents import Logo

MAX_SIDE = 4000
KEPT = (1200, 600)
"""Of a larger image a smaller one is kept: at 22 mm of height, these are more than 600 dots per inch. Units: pixels."""
_RULES = Rules(
    formats=("PNG", "JPEG"),
    max_side=MAX_SIDE,
    kept=KEPT,
    invalid=lambda reason: LogoInvalid(reason=reason),
)


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
    return Logo(**msgspec.structs.asdict(encoded_again(content, _RULES)))
