"""Filters under random documents: whatever comes is a predicate or a refusal, and what `span` leaves out cannot match."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from penstock.api.dialects.iottly.filters import parse_filter
from penstock.api.dialects.iottly.translate import document_of
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput

OPERATORS = [
    "$eq",
    "$ne",
    "$gt",
    "$gte",
    "$lt",
    "$lte",
    "$in",
    "$nin",
    "$exists",
    "$and",
    "$or",
    "$date",
    "$oid",
    "$where",
    "$regex",
]
NAMES = st.sampled_from([*OPERATORS, "payload", "payload.a", "payload.a.0.b", "devicetimestamp", "type", "_id", "", ".", "a..b"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)
SECONDS = st.integers(1_700_000_000, 1_700_000_020)


def reading(time_us: int, payload: Any) -> dict[str, Any]:
    sent = json.dumps(payload).encode()
    return document_of(Reading(1, 1, time_us, time_us, sent, seq=1), "device", "project")


@given(st.dictionaries(NAMES, VALUES, max_size=4), VALUES)
def test_any_filter_is_read_or_refused(document: dict[str, Any], payload: Any) -> None:
    try:
        wanted = parse_filter(json.dumps(document))
    except InvalidInput:
        return
    assert wanted.matches(reading(0, {"a": payload})) in (True, False)


@given(
    st.lists(st.tuples(st.sampled_from(["$eq", "$gt", "$gte", "$lt", "$lte", "$ne"]), SECONDS), min_size=1, max_size=3),
    st.sampled_from(["$and", "$or"]),
    SECONDS,
    st.integers(0, SECOND_US - 1),
)
def test_the_span_leaves_out_nothing_that_matches(
    conditions: list[tuple[str, int]], combined: str, second: int, fraction_us: int
) -> None:
    parts = [{"devicetimestamp": {operator: {"$date": at * 1000}}} for operator, at in conditions]
    wanted = parse_filter(json.dumps({combined: parts}))
    time_us = second * SECOND_US + fraction_us
    if wanted.matches(reading(time_us, {})):
        assert wanted.span.from_us <= time_us < wanted.span.to_us


def test_true_is_not_one_and_a_whole_number_is_a_float() -> None:
    said = reading(0, {"a": True, "b": 1, "c": [1, True]})
    assert not parse_filter('{"payload.a": 1}').matches(said)
    assert not parse_filter('{"payload.b": true}').matches(said)
    assert parse_filter('{"payload.b": 1.0}').matches(said)
    assert parse_filter('{"payload.c": [1.0, true]}').matches(said)
    assert parse_filter('{"payload.c": true}').matches(said)
    assert not parse_filter('{"payload.c": [true, 1]}').matches(said)
