"""What a deleted meter leaves: the same readings, to the digit."""

from __future__ import annotations

from penstock.core.meters.points import ROWS, PointsWriter, unpack

FIELDS = ("water", "energy.total")


def test_readings_are_the_same_after_packing() -> None:
    columns = [[184.327, None, "185.5", True, 2**70, 0.1 + 0.2], [None, None, 3, 4.0, -1, "ä\n\"'"]]
    writer = PointsWriter(FIELDS)
    writer.add([5, 6, 7, 3, 10**15, 10**15 + 1], columns)
    writer.add([], [[], []])
    writer.add([8], [[None], [9]])
    found = list(unpack(writer.finish(), ("energy.total", "absent", "water")))
    assert [times for times, _ in found] == [[5, 7, 3, 10**15, 10**15 + 1], [8]]
    energy, absent, water = found[0][1]
    assert [type(value) for value in energy] == [type(None), int, float, int, str]
    assert (energy, absent) == ([None, 3, 4.0, -1, "ä\n\"'"], [None] * 5)
    assert water == [184.327, "185.5", True, 2**70, 0.1 + 0.2]
    assert found[1][1] == [[9], [None], [None]]


def test_nothing_is_packed_as_nothing() -> None:
    assert list(unpack(PointsWriter(FIELDS).finish(), FIELDS)) == []


def test_a_year_of_hours_is_small_and_comes_in_chunks() -> None:
    count = 24 * 365 * 2
    writer = PointsWriter(("water",))
    writer.add([n * 3_600_000_000 for n in range(count)], [[round(n / 7, 3) for n in range(count)]])
    packed = writer.finish()
    assert len(packed) < 6 * count
    chunks = list(unpack(packed, ("water",)))
    assert [len(times) for times, _ in chunks] == [ROWS, count - ROWS]
    assert chunks[1][0][-1] == (count - 1) * 3_600_000_000
