"""The ports of the use cases on bills."""

from __future__ import annotations

from typing import Protocol

from penstock.core.billing.models import Statement


class StatementPrinter(Protocol):
    """Prints statements."""

    async def pdf(self, statement: Statement) -> bytes:
        """A statement as a PDF."""
