"""Endpoints in memory: loaded once, matched by organisation, and healthy again when they are enabled again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.webhooks.models import Endpoint, Event, Filters, Health, Options
from penstock.core.webhooks.registry import EndpointRegistry
from penstock.kit.ids import OrgId, WebhookId
from tests.support.days import HeldClock


def endpoint(number: int, org_id: int = 1, **about: Any) -> Endpoint:
    known: dict[str, Any] = {"id": WebhookId(number), "org_id": OrgId(org_id), "project_id": None, "name": "", "url": "https://x"}
    known |= {"format": "standard", "topics": ("alert.*",), "filters": Filters(), "options": Options(), "header_names": ()}
    known |= {"secret_paths": {}, "enabled": True, "disabled_reason": None, "since_us": number, "previous_until_us": None}
    return Endpoint(**known | {"created_us": 1, "updated_us": 1} | about)


class Stored:
    """A database that holds endpoints, and counts how often it is asked."""

    def __init__(self, *endpoints: Endpoint) -> None:
        self.endpoints, self.asked = list(endpoints), 0
        self.webhooks = self

    async def list(self) -> list[Endpoint]:
        self.asked += 1
        return self.endpoints

    @asynccontextmanager
    async def system_snapshot(self) -> AsyncIterator[Stored]:
        yield self


async def loaded(*endpoints: Endpoint) -> EndpointRegistry:
    registry = EndpointRegistry(Stored(*endpoints), EvaluationErrors(HeldClock()))  # type: ignore[arg-type]
    await registry.load()
    return registry


def event(topic: str, org_id: int = 1) -> Event:
    return Event(key="k", org_id=OrgId(org_id), topic=topic, at_us=1, data=b"{}")


async def test_what_changed_since_is_not_overwritten_by_a_second_load() -> None:
    stored = Stored(endpoint(1))
    registry = EndpointRegistry(stored, EvaluationErrors(HeldClock()))  # type: ignore[arg-type]
    await registry.load()
    registry.drop(endpoint(1))
    await registry.load()
    assert (stored.asked, list(registry.all())) == (1, [])


async def test_what_changes_during_the_first_load_is_newer_than_what_it_reads() -> None:
    stored = Stored(endpoint(1), endpoint(2), endpoint(3))
    registry = EndpointRegistry(stored, EvaluationErrors(HeldClock()))  # type: ignore[arg-type]
    read = stored.list

    async def meanwhile() -> list[Endpoint]:
        found = await read()
        registry.put(endpoint(1, url="https://y"))
        registry.drop(endpoint(2))
        return found

    stored.list = meanwhile  # type: ignore[method-assign]
    await registry.load()
    assert {one.endpoint.id: one.endpoint.url for one in registry.all()} == {1: "https://y", 3: "https://x"}


async def test_an_event_is_for_enabled_endpoints_of_its_organisation() -> None:
    registry = await loaded(endpoint(1), endpoint(2, 2), endpoint(3, enabled=False), endpoint(4, topics=("rule.fired",)))
    assert [one.endpoint.id for one in registry.matching(event("alert.raised"))] == [1]
    assert [one.endpoint.id for one in registry.matching(event("alert.raised", 2))] == [2]
    assert list(registry.matching(event("alert.raised", 3))) == []
    assert list(registry.matching(event("alert.nobody_tells"))) == [], "a pattern matches what the catalogue has"


async def test_health_stays_over_a_change_and_begins_anew_when_it_is_enabled_again() -> None:
    registry = await loaded(endpoint(1))
    entry = registry.get(WebhookId(1))
    assert entry is not None
    entry.health = Health(failures=9)
    registry.put(endpoint(1, name="renamed"))
    assert [(one.endpoint.name, one.health.failures) for one in registry.all()] == [("renamed", 9)]
    registry.put(endpoint(1, enabled=False))
    registry.put(endpoint(1))
    assert [one.health.failures for one in registry.all()] == [0]
    assert registry.get(WebhookId(2)) is None


async def test_who_wants_a_topic_and_since_when() -> None:
    registry = await loaded(
        endpoint(5), endpoint(3), endpoint(1, enabled=False), endpoint(9, 2), endpoint(4, 3, topics=("reading.telemetry",))
    )
    assert registry.organizations_subscribed_to("alert.raised") == {1: 3, 2: 9}
    assert registry.organizations_subscribed_to("rule.fired") == {}
    assert registry.organizations_subscribed_to_readings() == {3}
    registry.put(msgspec.structs.replace(endpoint(4, 3, topics=("reading.telemetry",)), enabled=False))
    assert registry.organizations_subscribed_to_readings() == frozenset()
