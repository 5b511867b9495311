"""Which endpoints an event is for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from penstock.core.devices.models import Device
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.telemetry.models import Reading
from penstock.core.webhooks.filters import Interest, check_condition
from penstock.core.webhooks.models import Endpoint, Event, Filters, Origin
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, OrgId, ProjectId
from tests.support.days import HeldClock

ERRORS = EvaluationErrors(HeldClock())


def interest(*topics: str, project: int | None = None, **filters: Any) -> Interest:
    about = {"id": 3, "org_id": 1, "topics": topics or ("*",), "filters": Filters(**filters), "project_id": project}
    return Interest(cast(Endpoint, SimpleNamespace(**about)), ERRORS)


def event(topic: str = "alert.raised", **about: Any) -> Event:
    found = {
        "org_id": OrgId(1),
        "topic": topic,
        "data": b'{"value": 7}',
        "device_id": DeviceId(5),
        "action": None,
        "reading": None,
        "project_id": None,
    }
    return cast(Event, SimpleNamespace(**found | about))


def reading(kind: str = "telemetry", channel: str | None = None) -> Reading:
    return Reading(OrgId(1), DeviceId(5), 1, 1, b"{}", kind, channel)


def device(project: int = 9, **labels: str) -> Device:
    return cast(Device, SimpleNamespace(id=5, name="Pump", type="pump", labels=labels, project_id=ProjectId(project)))


def test_topics_of_the_catalogue_that_are_wanted() -> None:
    mine = interest("alert.*")
    assert [mine.could_accept(event(topic)) for topic in ("alert.raised", "rule.fired", "alert.fell")] == [True, False, False]
    assert mine.selects("alert.cleared")
    assert not mine.selects_readings
    assert interest("reading.status").selects_readings


def test_devices_that_are_wanted() -> None:
    mine = interest(device_ids=(DeviceId(5),))
    assert [mine.could_accept(event(device_id=one)) for one in (5, 6, None)] == [True, False, False]


def test_actions_of_the_audit_log() -> None:
    mine = interest(actions=("key.*", "device.delete"))
    actions = ("key.create", "keys", "device.delete", "device.deleted")
    assert [mine.could_accept(event("audit.event", action=one)) for one in actions] == [True, False, True, False]
    assert mine.could_accept(event()), "what is no entry of the audit log has no action"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [True, True, True]),
        ({"channel": "a"}, [True, False, False]),
        ({"origin": Origin.AGENT}, [False, True, False]),
        ({"origin": Origin.USER}, [True, False, False]),
    ],
)
def test_channel_and_origin_are_of_readings(filters: dict[str, Any], expected: list[bool]) -> None:
    mine = interest(**filters)
    events = [event("reading.telemetry", reading=reading(channel="a")), event("reading.agent", reading=reading("agent")), event()]
    assert [mine.could_accept(one) for one in events] == expected


def test_projects_and_labels_need_the_device() -> None:
    mine = interest(project=9, labels={"site": "north"})
    assert mine.needs_device
    assert mine.accepts(event(), device(site="north", floor="2"))
    assert not mine.accepts(event(), device(site="south"))
    assert not mine.accepts(event(), device(8, site="north"))
    assert not mine.accepts(event(), None)
    assert interest().accepts(event(), None)
    assert not interest().needs_device


def test_a_condition_has_the_last_word() -> None:
    mine = interest(condition='event.data.value > 6.0 && device.name == "Pump"')
    assert mine.accepts(event(), device())
    assert not mine.accepts(event(data=b'{"value": 6}'), device())
    assert not mine.accepts(event(data=msgspec.json.encode({})), device()), "what cannot be evaluated is not wanted"
    assert not mine.accepts(event(), None)
    with pytest.raises(InvalidInput):
        check_condition("event.data ==", ["*"], {})
    check_condition(None, ["*"], {})


def test_a_condition_that_fails_is_counted() -> None:
    mine = interest(condition="event.data.value > 6")
    before = ERRORS.total
    assert not mine.accepts(event(data=b'{"value": "high"}'), device())
    assert not mine.accepts(event(data=b"{}"), device()), "a missing value is no failure"
    assert ERRORS.total == before + 1
    assert ERRORS.of(OrgId(1), Use.WEBHOOK, 3).reason == "operator > does not accept (string, number)"


def test_a_stored_condition_that_no_longer_compiles_accepts_nothing_and_says_so() -> None:
    mine = interest(condition="weather.is == 'fine'")
    assert mine.needs_device
    assert not mine.accepts(event(), device())
    assert "variable weather" in (ERRORS.of(OrgId(1), Use.WEBHOOK, 3).reason or "")


@pytest.mark.parametrize(
    ("topics", "condition", "accepted"),
    [
        (["alert.*"], "event.data.severity == 'high'", True),
        (["alert.*"], "event.data.severty == 'high'", False),
        (["alert.*", "device.online"], "event.data.state == 'offline'", True),
        (["device.online"], "event.data.severity == 'high'", False),
        (["*"], "event.data.nope == 1", True),
    ],
)
def test_a_field_that_no_selected_topic_has_is_rejected(topics: list[str], condition: str, accepted: bool) -> None:
    shapes = {
        f"alert.{name}": frozenset({"severity"})
        for name in ("raised", "acknowledged", "escalated", "repeated", "cleared", "snoozed")
    }
    shapes["device.online"] = frozenset({"state"})
    if accepted:
        check_condition(condition, topics, shapes)
        return
    with pytest.raises(InvalidInput) as refused:
        check_condition(condition, topics, shapes)
    assert refused.value.errors[0].field == "filters.condition"
