"""Event times: what cannot be read is said in one form, with what was sent. All ways in are in tests/e2e/test_event_times.py."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.event_time import MAX_SHOWN, read_time, shown, time_fault

NOON = "2026-05-02T12:00:00Z"


def test_a_time_that_can_be_read() -> None:
    assert read_time(NOON, "ts") == parse_time(NOON)
    assert read_time(None, "ts") is None
    assert (time_fault(NOON, "ts"), time_fault(None, "ts")) == (None, None)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("2026-05-02T12:00:00", '"2026-05-02T12:00:00"'),
        ("1777713304", '"1777713304"'),
        (1777713304000000000, "1777713304000000000"),
        (True, "true"),
        ([None], "[null]"),
        ({"a": None}, '{"a":null}'),
        ([1], "[1]"),
        ("a\n\x00b", '"a??b"'),
        ("x" * 1_000, f'"{"x" * MAX_SHOWN}"'),
    ],
)
def test_what_cannot_be_read_is_named_as_it_was_sent(value: Any, sent: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_time(value, "ts")
    (error,) = refusal.value.errors
    assert (error.field, error.code, shown(value)) == ("ts", "time", sent)
    assert error.detail.endswith(f"; {sent} was sent")
    assert time_fault(value, "ts") == f"ts {error.detail}"
