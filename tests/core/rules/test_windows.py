"""Windows of values in memory, against a plain list of everything that was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.rules import windows as windowing
from penstock.core.rules.definition import Window, WindowFunction
from penstock.core.rules.windows import WindowCache
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import MINUTE_US
from penstock.kit.ids import DeviceId, OrgId, Seq

DEVICE = DeviceId(1)
WINDOWS = [Window(name=function.value, sensor="t", function=function, minutes=2) for function in WindowFunction]
LENGTHS = {"t": 2 * MINUTE_US}
EXPECTED = {"sum": sum, "min": min, "max": max, "avg": lambda values: sum(values) / len(values)}


def reading(time_us: int, payload: bytes, seq: int = 1) -> Reading:
    return Reading(org_id=OrgId(1), device_id=DEVICE, seq=Seq(seq), time_us=time_us, received_us=time_us, payload=payload)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(-5, 5)), min_size=1, max_size=60), st.integers(0, 60))
def test_a_window_is_what_was_said_in_its_time(said: list[tuple[int, int]], later: int) -> None:
    memory = WindowCache()
    memory.load(DEVICE, [], LENGTHS)
    for second, value in said:
        memory.add(DEVICE, second * 1_000_000, {"t": value}, LENGTHS)
    now_s = max(second for second, _ in said) + later
    inside = [float(value) for second, value in said if now_s - 120 < second <= now_s]
    found = memory.window(DEVICE, WINDOWS, now_s * 1_000_000)
    expected = {name: pytest.approx(make(inside)) for name, make in EXPECTED.items()} if inside else {}
    assert found == {"count": float(len(inside))} | expected


@given(
    before=st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=6),
    said=st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=12),
)
def test_the_last_value_is_the_newest_by_event_time(before: list[tuple[int, str]], said: list[tuple[int, str]]) -> None:
    memory = WindowCache()
    memory.load(
        DEVICE, [reading(time_us, b'{"%b": %d}' % (key.encode(), at), at + 1) for at, (time_us, key) in enumerate(before)], {}
    )
    for at, (time_us, key) in enumerate(said, start=len(before)):
        memory.add(DEVICE, time_us, {key: at}, {})
    every = sorted((time_us, at, key) for at, (time_us, key) in enumerate([*before, *said]))
    assert memory.latest(DEVICE) == {key: at for _, at, key in every}


def test_readings_of_before_come_in_any_order() -> None:
    memory = WindowCache()
    assert not memory.has(DEVICE)
    memory.load(DEVICE, [reading(9, b'{"t": 3, "door": "shut"}', 3), reading(4, b'{"t": 1, "door": "open"}', 2)], LENGTHS)
    assert memory.has(DEVICE)
    assert memory.latest(DEVICE) == {"t": 3, "door": "shut"}
    assert memory.window(DEVICE, WINDOWS, 9)["sum"] == 4.0


def test_only_numbers_are_values_of_a_window() -> None:
    memory = WindowCache()
    memory.load(DEVICE, [], LENGTHS)
    for value in (True, "7", 2):
        memory.add(DEVICE, 5, {"t": value, "other": 1}, LENGTHS)
    assert memory.window(DEVICE, WINDOWS, 5)["count"] == 1.0
    assert memory.latest(DEVICE) == {"t": 2, "other": 1}


def test_the_newest_values_count_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windowing, "MAX_VALUES", 3)
    monkeypatch.setattr(windowing, "MAX_DEVICES", 2)
    memory = WindowCache()
    memory.load(DEVICE, [], LENGTHS)
    for second in range(10):
        memory.add(DEVICE, second, {"t": second}, LENGTHS)
    assert memory.window(DEVICE, WINDOWS, 9) == {"count": 3.0, "sum": 24.0, "min": 7.0, "max": 9.0, "avg": 8.0}
    memory.load(DeviceId(2), [], LENGTHS)
    assert memory.has(DEVICE)
    memory.load(DeviceId(3), [], LENGTHS)
    assert [memory.has(DeviceId(number)) for number in (1, 2, 3)] == [False, False, True]
    memory.forget(DeviceId(3))
    assert not memory.has(DeviceId(3))


def kept(memory: WindowCache) -> int:
    return len(memory._series[DEVICE]["t"].times)


def test_what_no_window_reaches_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = WindowCache()
    memory.load(DEVICE, [], LENGTHS)
    for second in range(1000):
        memory.add(DEVICE, second * 1_000_000, {"t": 1}, LENGTHS)
        assert kept(memory) == second + 1 or second >= 120, "what a window reaches stays"
    assert 120 <= kept(memory) <= 2 * 121
    monkeypatch.setattr(windowing, "MAX_VALUES", 5)
    for _ in range(100):
        memory.add(DEVICE, 999_000_000, {"t": 1}, LENGTHS)
    assert 5 <= kept(memory) <= 10
