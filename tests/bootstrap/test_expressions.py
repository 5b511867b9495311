"""The part for expressions, and the shapes of events that filters are checked against."""

from __future__ import annotations

from pathlib import Path

import msgspec

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.event_shapes import SHAPES, STRUCTS
from penstock.core.inboxes.payloads import SHAPES as COMPOSED
from penstock.core.outbox import OutboxEntry
from penstock.core.webhooks.events import of_outbox
from penstock.core.webhooks.topics import CATALOGUE
from penstock.kit.ids import EntryId, OrgId
from penstock.settings import load_settings


async def test_the_preview_is_there(tmp_path: Path) -> None:
    settings = load_settings(environment={})
    async with open_server(DataDir(tmp_path / "data"), settings, run_workers=False) as server:
        paths = {bound.operation.path for bound in server.operations}
    assert "/api/v2/expressions/preview" in paths


def test_the_shape_of_every_event_that_is_sent_is_known() -> None:
    assert {name for name, topic in CATALOGUE.items() if topic.sent} <= SHAPES.keys()


def test_the_shapes_are_what_is_sent() -> None:
    for topic, struct in STRUCTS.items():
        if topic in COMPOSED:
            continue  # what is sent is composed from the message, not from the outbox
        fields = {one.name: [5] if one.name == "chain" else 5 for one in msgspec.structs.fields(struct)}
        entry = OutboxEntry(id=EntryId(1), org_id=OrgId(1), topic=topic, subject_id=1, body=msgspec.json.encode(fields))
        sent = msgspec.json.decode(of_outbox(entry, 0).data)
        assert sent.keys() <= SHAPES[topic], topic
