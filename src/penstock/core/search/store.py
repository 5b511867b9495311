"""The store that is searched. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.search.models import Found, HitKind


class SearchStore(Protocol):
    """Things by their names."""

    async def find(self, kind: HitKind, text: str, between: tuple[int, int] | None, limit: int) -> Sequence[Found]:
        """Things of a kind whose name, or another text they have, contains a text, or whose id is in a range. The best first."""

    async def devices_by_id(self, between: tuple[int, int], limit: int) -> Sequence[Found]:
        """Devices whose id is in a range."""

    async def devices_by_name(self, text: str, limit: int) -> Sequence[Found]:
        """Devices whose name begins with a text."""

    async def devices_by_identifier(self, text: str, limit: int) -> Sequence[Found]:
        """Devices with an identifier of any kind that begins with a text."""

    async def devices_by_label(self, key: str, value: str, limit: int) -> Sequence[Found]:
        """Devices with a label whose value begins with a text."""

    async def devices_containing(self, text: str, limit: int) -> Sequence[Found]:
        """Devices whose name contains a text."""


class SearchTransaction(Protocol):
    """A transaction that can be searched."""

    @property
    def search(self) -> SearchStore:
        """Things by their names."""
