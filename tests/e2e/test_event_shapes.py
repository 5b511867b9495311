"""One shape for one event: what a webhook's receiver gets, what a rule sees and stores, and what streams send, topic by topic."""

from __future__ import annotations

import typing
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.api.live.filters import StreamFilter
from penstock.api.live.hub import Event
from penstock.bootstrap.streams import TOPICS as STREAMED
from penstock.core.inboxes.payloads import SHAPES as INBOX_SHAPES
from penstock.core.rules.definition import Definition, EventTrigger
from penstock.core.rules.models import RAN, NewRule, RunFilter
from tests.core.test_event_data import TOPICS, body_of
from tests.support.days import NOON_US
from tests.support.webhooks import HookSite, open_hooks

UNHEARD = set(RAN.values())
"""Topics that never trigger a rule."""
SAID = [topic for topic in TOPICS if topic not in INBOX_SHAPES]
"""Without those of inboxes: to webhooks and streams they say what rules must not see (`tests/core/inboxes/test_payloads.py`)."""


def value_of(name: str, kind: object, device_id: int) -> object:
    """A value for a field of an event's body."""
    kinds = typing.get_args(kind) or (kind,)
    if name == "device_id":
        return device_id
    if name.endswith(("_us", "_id")) or name == "seq":
        return NOON_US
    if name == "snoozed":
        return False  # rules do not see what else happens to a snoozed alert
    if name == "chain":
        return []
    if typing.get_origin(kind) is dict:
        return {"answer": 42}
    return "word" if str in kinds else 7 if int in kinds else True


def filled(topic: str, device_id: int) -> msgspec.Struct:
    """The body of an event with a value in every field."""
    kind = body_of(topic)
    return kind(**{field.name: value_of(field.name, field.type, device_id) for field in msgspec.structs.fields(kind)})


class Listeners:
    """A webhook, a rule and a stream that all hear everything."""

    def __init__(self, site: HookSite, device_id: int) -> None:
        self.site, self.device_id = site, device_id
        self.rules = site.server.parts.rules

    async def listen(self) -> None:
        await self.site.subscribe("https://hooks.invalid/", "*")
        definition = Definition(trigger=EventTrigger(topics=("*",)), condition='event.topic != ""')
        rule, version = await self.rules.rules.create(self.site.actor, NewRule(name="every", definition=definition))
        await self.site.match()  # without what led here
        await self.rules.versions.deploy(self.site.actor, rule.id, version.id)
        self.rule_id = rule.id

    async def tell(self, topic: str) -> None:
        body = filled(topic, self.device_id)
        async with self.site.server.database.transaction(self.site.actor.org_id) as tx:
            await tx.outbox.add(topic, self.device_id, body)

    async def by_webhook(self, topic: str) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode((await self.site.messages(topic=topic))[-1].body or b"")
        return dict(found["data"])

    async def by_rule(self, topic: str) -> dict[str, Any]:
        runs = (await self.rules.runs.list(self.site.actor, RunFilter(rule_id=self.rule_id), 500, None)).items
        return dict(next(run.inputs["event"]["body"] for run in runs if run.inputs["event"]["topic"] == topic))


@pytest.fixture
async def listeners(tmp_path: Path) -> AsyncIterator[Listeners]:
    async with open_hooks(tmp_path) as site:
        made = Listeners(site, await site.add_device())
        await made.listen()
        yield made


async def test_webhooks_rules_and_streams_say_the_same(listeners: Listeners) -> None:
    site = listeners.site
    wanted = StreamFilter(commands=True, connectivity=True, events=True, alerts=True)
    stream = site.server.hub.follow(site.actor.org_id, wanted, None)
    await anext(stream)
    for topic in SAID:
        await listeners.tell(topic)
    await site.match()
    streamed = await collect(stream, {topic for topics in STREAMED.values() for topic in topics})
    for topic in SAID:
        told = await listeners.by_webhook(topic)
        assert told, topic
        if topic not in UNHEARD:
            assert await listeners.by_rule(topic) == told, topic
        if topic in streamed:
            assert streamed[topic] == {"event": topic} | told, topic


async def collect(stream: AsyncIterator[list[Event]], topics: set[str]) -> dict[str, Any]:
    """The notices with these topics."""
    found: dict[str, Any] = {}
    while found.keys() != topics:
        for event in await anext(stream):
            body = msgspec.json.decode(event.body)
            if "event" in body:
                found[body["event"]] = body
    return found
