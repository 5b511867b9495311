"""What a reader of a stream wants to see."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.live.filters import MAX_DEVICES, StreamFilter, StreamQuery, Subscribe, from_message, from_query
from penstock.core.actor import Actor, ActorKind
from penstock.core.telemetry.models import Reading
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, OrgId, Prefix, ProjectId, encode

ONE, OTHER = encode(Prefix.DEVICE, DeviceId(1)), encode(Prefix.DEVICE, DeviceId(2))
PROJECT = encode(Prefix.PROJECT, ProjectId(9))


def reading(device_id: int, kind: str = "telemetry") -> Reading:
    return Reading(org_id=OrgId(1), device_id=DeviceId(device_id), time_us=1, received_us=1, payload=b"{}", kind=kind)


def test_a_query_and_a_message_say_the_same() -> None:
    about: dict[str, Any] = {"commands": True, "alerts": True}
    query = StreamQuery(devices=f"{ONE},{OTHER}", project=PROJECT, kinds="status", keys="t,door", **about)
    message = Subscribe(devices=[OTHER, ONE], project=PROJECT, kinds=["status"], keys=["t", "door"], **about)
    assert from_query(query) == from_message(message)
    found = from_query(query)
    assert found.devices == {1, 2}
    assert (found.project_id, found.keys) == (9, ("t", "door"))
    assert [found.includes(name) for name in ("command", "connectivity", "event", "alert")] == [True, False, False, True]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (StreamQuery(devices=PROJECT), "devices"),
        (StreamQuery(devices=f"{ONE},"), "devices"),
        (StreamQuery(devices=",".join([ONE] * (MAX_DEVICES + 1))), "devices"),
        (StreamQuery(project=ONE), "project"),
        (StreamQuery(kinds="a,,b"), "kinds"),
        (StreamQuery(keys=","), "keys"),
    ],
)
def test_what_is_no_filter_is_named(query: StreamQuery, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_query(query)
    assert refused.value.errors[0].field == field


def test_devices_and_kinds_of_readings() -> None:
    assert StreamFilter().accepts(reading(5, "status"))
    mine = StreamFilter(devices=frozenset({DeviceId(1)}), kinds=frozenset({"status"}))
    assert [mine.accepts(one) for one in (reading(1, "status"), reading(1), reading(2, "status"))] == [True, False, False]


def test_only_wanted_values_are_shown() -> None:
    mine = StreamFilter(keys=("t", "a.b"))
    assert mine.pick(b'{"t": 0, "x": 1, "a": {"b": null, "c": 2}}') == {"t": 0}
    assert mine.pick(b'{"a": {"b": 7}}') == {"a.b": 7}
    assert mine.pick(b'{"x": 1}') is None


def test_a_bound_reader_stays_within_its_project() -> None:
    bound = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, project_id=ProjectId(9))
    free = msgspec.structs.replace(bound, project_id=None)
    assert StreamFilter().within(bound).project_id == 9
    assert StreamFilter(project_id=ProjectId(8)).within(free).project_id == 8
    assert StreamFilter().within(free).project_id is None
    with pytest.raises(ProjectNotFound):
        StreamFilter(project_id=ProjectId(8)).within(bound)
