"""Sensor templates: those of the system beside one's own."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.sensor import NewSensor, ValueType
from penstock.core.sensor_templates import service
from penstock.core.sensor_templates.errors import (
    SensorTemplateLimitReached,
    SensorTemplateNotFound,
    SensorTemplateReadOnly,
)
from penstock.core.sensor_templates.models import NewSensorTemplate, SensorDraft, SensorTemplatePatch
from penstock.core.sensor_templates.quantities import COMMON
from penstock.core.sensor_templates.service import SensorTemplateService
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import IdSource, SensorTemplateId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

TEMPERATURE = SensorTemplateId(1)


def templates(shelf: Shelf) -> SensorTemplateService:
    clock = HeldClock()
    return SensorTemplateService(database=shelf.database, trail=AuditTrail(clock), ids=IdSource(clock.now_us), clock=clock)


async def test_a_list_ends_with_those_of_the_system(shelf: Shelf) -> None:
    actor, calls = Actor.system(shelf.acme), templates(shelf)
    made = [await calls.create(actor, NewSensorTemplate(name=f"own {number}", key="k")) for number in range(3)]
    found, cursor = [], None
    while True:
        page = await calls.list(actor, 2, cursor)
        assert len(page.items) <= 2
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [*made[::-1], *reversed(COMMON.values())]
    assert {one.system for one in (await calls.list(Actor.system(shelf.other), 100, None)).items} == {True}


async def test_those_of_the_system_do_not_change(shelf: Shelf) -> None:
    actor, calls = Actor.system(shelf.acme), templates(shelf)
    assert (await calls.get(actor, TEMPERATURE)).unit == "°C"
    for call in (calls.update(actor, TEMPERATURE, SensorTemplatePatch(unit="K")), calls.delete(actor, TEMPERATURE)):
        with pytest.raises(SensorTemplateReadOnly):
            await call


async def test_what_changed_is_in_the_log(shelf: Shelf) -> None:
    actor, calls = Actor.system(shelf.acme), templates(shelf)
    made = await calls.create(actor, NewSensorTemplate(name="brine", key="brine"))
    await calls.update(actor, made.id, SensorTemplatePatch(name="brine", unit="°C"))
    await calls.delete(actor, made.id)
    async with shelf.own() as tx:
        deleted, updated, created = await tx.audit.newest(AuditFilter(target_kind="sensor_template"), 3)
    assert updated.details == {"before": {"unit": ""}, "after": {"unit": "°C"}}
    assert (created.details["after"]["key"], deleted.details["before"]["unit"]) == ("brine", "°C")


async def test_there_are_only_so_many_and_no_strangers(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_PER_ORG", 1)
    actor, stranger, calls = Actor.system(shelf.acme), Actor.system(shelf.other), templates(shelf)
    made = await calls.create(actor, NewSensorTemplate(name="brine", key="brine"))
    with pytest.raises(SensorTemplateLimitReached):
        await calls.create(actor, NewSensorTemplate(name="sole", key="sole"))
    for call in (
        calls.get(stranger, made.id),
        calls.update(stranger, made.id, SensorTemplatePatch(unit="K")),
        calls.delete(stranger, made.id),
        calls.sensor(stranger, SensorDraft(), made.id),
    ):
        with pytest.raises(SensorTemplateNotFound):
            await call


async def test_given_fields_win(shelf: Shelf) -> None:
    actor, calls = Actor.system(shelf.acme), templates(shelf)
    plain = await calls.sensor(actor, SensorDraft(), TEMPERATURE)
    assert plain == NewSensor(key="temperature", name="Temperature", unit="°C", value_type=ValueType.FLOAT)
    own = await calls.sensor(actor, SensorDraft(key="t1", unit="", value_type=ValueType.INTEGER), TEMPERATURE)
    assert own == NewSensor(key="t1", name="Temperature", unit="", value_type=ValueType.INTEGER)
    assert await calls.sensor(actor, SensorDraft(key="t1"), None) == NewSensor(key="t1")
    with pytest.raises(InvalidInput) as refused:
        await calls.sensor(actor, SensorDraft(name="T", key=UNSET), None)
    assert refused.value.errors[0].field == "key"


async def test_a_template_is_used_by_those_who_may_read_it(shelf: Shelf) -> None:
    key = Actor(org_id=shelf.acme, kind=ActorKind.KEY, id=1, scopes=frozenset({"sensors:write"}))
    with pytest.raises(ScopeMissing):
        await templates(shelf).sensor(key, SensorDraft(), TEMPERATURE)
