"""Samples replace stored values one by one."""

from __future__ import annotations

from penstock.api.v2.expressions.samples import merged, sample_parts, stored_parts
from penstock.core.expressions.engine import Kind
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import moment

SCOPE = Scope({"reading.values": Kind.VALUES, "reading.time": Kind.TIME, "window": Kind.NUMBERS, "now": Kind.TIME})


def test_a_sample_replaces_its_own_value_alone() -> None:
    stored = {"reading": {"values": {"t": 1.0}, "time": moment(5)}, "now": moment(1)}
    samples = sample_parts(SCOPE, {"reading": {"values": {"u": 2}}, "window": {"mean": 3}})
    assert merged(stored, samples) == {
        "reading": {"values": {"u": 2.0}, "time": moment(5)},
        "now": moment(1),
        "window": {"mean": 3.0},
    }


def test_times_are_those_of_the_clock_and_of_samples() -> None:
    assert stored_parts(None, None, 7) == {"now": moment(7)}
    assert sample_parts(SCOPE, {"now": "1970-01-01T00:00:01Z"}) == {"now": moment(1_000_000)}
