"""Messages in Iottly's form, as they arrive."""

from __future__ import annotations

import json
from pathlib import Path

from penstock.core.webhooks.models import Options
from tests.support.receivers import receiving
from tests.support.webhooks import open_hooks


async def test_a_reading_in_its_envelope_and_without(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        [project] = (await site.server.tenancy.list_projects(site.actor, 2, None)).items
        about = {"project_id": project.id, "format": "iottly"}
        await site.subscribe(receiver.url("/iottly"), "reading.*", **about)
        await site.subscribe(receiver.url("/bare"), "reading.*", options=Options(payload_only=True), **about)
        device_id = await site.add_device("Cold room")
        await site.report(device_id, 7, channel="alarms")
        await site.match()
        await site.deliver()
        by_path = {one.path: one for one in receiver.delivered}
        envelope = json.loads(by_path["/iottly"].body)
        assert list(envelope) == ["msg"]
        assert (envelope["msg"]["type"], envelope["msg"]["channel"]) == ("userdefined", "alarms")
        assert envelope["msg"]["to"] == project.alias
        assert envelope["msg"]["payload"] == json.loads(by_path["/bare"].body) == {"v": 7}
        assert not any("signature" in name for name in by_path["/iottly"].headers)
