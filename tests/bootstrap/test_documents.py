"""What a server does with documents by itself."""

from __future__ import annotations

from pathlib import Path

from tests.core.billing.closed import opened, us
from tests.support.days import HeldClock


async def test_issued_invoices_are_sent_without_holding_up_other_events(tmp_path: Path) -> None:
    async with opened(tmp_path, HeldClock(us("2026-06-03T08:00:00"))) as (server, _):
        part = server.parts.documents.part
        assert part.background == {"invoice.created": server.parts.documents.mailer.follow}
        assert part.followers == {}
