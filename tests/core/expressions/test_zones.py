"""Parts of a time in a time zone, compared with Python's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import Variables
from penstock.core.expressions.zones import zone

SCOPE = Scope({"at": Kind.TIME, "name": Kind.TEXT})
AT = datetime(2026, 12, 31, 23, 30, 15, 250_000, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Kathmandu", "America/New_York", "UTC", "+05:30", "-02:00", "02:00"])
def test_each_part_in_each_zone(name: str) -> None:
    there = AT.astimezone(zone(name))
    expected = {
        "getFullYear": there.year,
        "getMonth": there.month - 1,
        "getDate": there.day,
        "getDayOfMonth": there.day - 1,
        "getDayOfWeek": (there.weekday() + 1) % 7,
        "getDayOfYear": (there - datetime(there.year, 1, 1, tzinfo=there.tzinfo)).days,
        "getHours": there.hour,
        "getMinutes": there.minute,
        "getSeconds": 15,
        "getMilliseconds": 250,
    }
    for function, value in expected.items():
        for argument in (f"'{name}'", "name"):
            compiled = compile_expression(f"at.{function}({argument})", "x", SCOPE)
            assert compiled.evaluate(Variables({"at": AT, "name": name})).value == value, function


@pytest.mark.parametrize("name", ["Nope/Zone", "", "/dev/stdin", "../../etc/passwd", "Europe", "+5", "posix/nowhere"])
def test_another_name_is_no_zone_and_opens_no_file(name: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        zone(name)


def test_a_zone_is_that_of_python() -> None:
    assert zone("Europe/Berlin") is ZoneInfo("Europe/Berlin")
