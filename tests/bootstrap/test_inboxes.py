"""Alerts send from a number only if one is for notifications."""

from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from tests.support.inboxes import PEER, open_inboxes


async def test_an_alerts_sms_is_logged_or_queued(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        with capture_logs() as logged:
            await site.inboxes.sms.send(site.actor.org_id, "job", PEER, "Too warm")
        assert [one["event"] for one in logged] == ["sms_not_sent"]
        await site.add_number(for_notifications=True)
        with capture_logs() as logged:
            await site.inboxes.sms.send(site.actor.org_id, "job", PEER, "Too warm")
        assert logged == []
        assert len(await site.messages()) == 1
