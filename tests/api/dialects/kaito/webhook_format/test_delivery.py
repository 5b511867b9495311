"""Messages in Kaito's form, as they arrive."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.receivers import receiving
from tests.support.webhooks import open_hooks


async def test_an_entry_of_the_audit_log_is_a_row(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        await site.subscribe(receiver.url("/kaito"), "audit.event", format="kaito")
        await site.add_device("Cold room")
        await site.match()
        await site.deliver()
        row = json.loads(receiver.delivered[0].body)
        assert set(row) == {"id", "type", "created_at", "data"}
        assert set(row["data"]) == {"user", "ts", "ip", "action", "target"}
