"""What expressions see, and that what is stored of it comes to the same when it is read again."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import cut, moment
from penstock.core.rules.contexts import EvaluationContext, reading_part, variables_of
from penstock.core.telemetry.models import Reading, Source
from penstock.kit.clock import parse_time
from penstock.kit.ids import DeviceId, OrgId
from tests.core.rules.armed import a_reading, us

SCOPE = Scope(
    {
        "now": Kind.TIME,
        "reading.time": Kind.TIME,
        "reading.received": Kind.TIME,
        "event.time": Kind.TIME,
        "event.body": Kind.ANY,
        "device.labels": Kind.TEXTS,
        "latest": Kind.VALUES,
    }
)
LATE_US = us(0) + 123_457
"""A time whose microseconds no float of seconds holds."""


def context(complete: Reading | None = None, **parts: Any) -> EvaluationContext:
    return EvaluationContext(
        org_id=OrgId(1), cause="reading:7", device_id=DeviceId(10), at_us=us(0), arrived_us=us(0), parts=parts, reading=complete
    )


def test_only_the_variables_that_are_used_and_there_are_stored() -> None:
    found = context(now=moment(LATE_US), device={"name": "Room"}, latest={"t": 1}).inputs({"now", "latest", "event"})
    assert found == {"now": "2026-05-02T12:00:00.123457Z", "latest": {"t": 1}}


def test_a_reading_is_complete_in_the_inputs_though_conditions_see_its_values_alone() -> None:
    reading = a_reading(channel="ops")
    found = context(reading, reading={"values": cut({"t": 7})}).inputs({"reading"})["reading"]
    assert found["values"] == {"t": 7}
    assert (found["kind"], found["channel"], found["derived"]) == ("telemetry", "ops", False)
    assert parse_time(found["time"]) == parse_time(found["received"]) == us(0)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("now.getMinutes() == 0", {"now": moment(LATE_US)}),
        ("reading.time < reading.received", {"reading": {"time": moment(us(0)), "received": moment(LATE_US)}}),
        ("event.time == now", {"event": {"time": moment(LATE_US)}, "now": moment(LATE_US)}),
        ('event.body.time == "2026-05-02T12:00:00Z"', {"event": {"body": {"time": "2026-05-02T12:00:00Z"}}}),
        ('device.labels.time == "now"', {"device": {"labels": {"time": "now"}}}),
        ("latest.t == 7.5", {"latest": {"t": 7.5}}),
    ],
)
def test_stored_inputs_come_to_the_same(source: str, parts: dict[str, Any]) -> None:
    expression = compile_expression(source, "condition", SCOPE)
    before = context(**parts)
    assert expression.test_parts(before.parts).value is True
    assert expression.test(variables_of(before.inputs(parts))).value is True


def test_a_reading_says_whether_a_rule_computed_it() -> None:
    assert reading_part(a_reading(source=Source.RULE), {})["derived"] is True
    assert reading_part(a_reading(), {})["derived"] is False
