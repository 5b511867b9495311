"""Readings as they are shown: the payload byte for byte, or only what was asked for of it."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.v2.telemetry.translate import from_core_range, from_core_reading
from penstock.core.telemetry.models import EffectiveRange, Reading, TimeRange
from tests.support.days import NOON_US

PAYLOAD = b'{"t": 1.50, "n": 12345678901234567890, "a": {"b": 0}, "none": null, "l": [1, null], "in": {"l": []}}'


def reading() -> Reading:
    return Reading(1, 10, NOON_US, NOON_US + 1_000_000, PAYLOAD, seq=3)


def test_the_payload_is_as_it_was_sent() -> None:
    assert PAYLOAD in msgspec.json.encode(from_core_reading(reading()))


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        (("t",), {"t": 1.5}),
        (("a.b", "missing"), {"a.b": 0}),
        (("none",), {}),
        (("l", "in.l"), {"l": [1, None], "in.l": []}),
        (("n", "t"), {"n": 12345678901234567890, "t": 1.5}),
    ],
)
def test_only_fields_that_are_there_and_asked_for(fields: tuple[str, ...], data: dict[str, object]) -> None:
    assert from_core_reading(reading(), fields).data == data


def test_a_range_says_what_was_asked_for_and_what_was_given() -> None:
    asked, given = TimeRange(from_us=0, to_us=NOON_US), TimeRange(from_us=NOON_US - 1_000_000, to_us=NOON_US)
    found = from_core_range(EffectiveRange(requested=asked, effective=given, retention_days=30))
    assert (found.requested_from, found.from_, found.to) == (
        "1970-01-01T00:00:00Z",
        "2026-05-02T11:59:59Z",
        "2026-05-02T12:00:00Z",
    )
    assert found.retention_days == 30
