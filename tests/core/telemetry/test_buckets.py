"""Edges of time buckets, against the calendar as people know it and against the local clock itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from penstock.core.telemetry.buckets import Bucket, Unit, edges, parse_bucket, parse_zone
from penstock.kit.errors import InvalidInput

unhurried = settings(deadline=None)  # a busy machine is no fault of the code

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/Havana", "America/Sao_Paulo", "America/Caracas"),
    *("Asia/Beirut", "Asia/Kathmandu", "Asia/Pyongyang", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham"),
)
LABELS: dict[str, Callable[[datetime], tuple[object, ...]]] = {
    "hour": lambda at: (at.date(), at.hour, at.utcoffset()),
    "day": lambda at: (at.date(),),
    "week": lambda at: at.isocalendar()[:2],
    "month": lambda at: (at.year, at.month),
    "quarter": lambda at: (at.year, (at.month + 2) // 3),
    "year": lambda at: (at.year,),
}
SPAN_DAYS = {"hour": 5, "day": 60, "week": 200, "month": 900, "quarter": 2000, "year": 5000}


def us(text: str, zone: str = "UTC") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def local(at_us: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at_us // SECOND, UTC).astimezone(ZoneInfo(zone))


def starts(zone: str, unit: str, first: str, last: str) -> list[str]:
    found = edges(us(first, zone), us(last, zone), parse_bucket(unit), parse_zone(zone))
    return [local(edge, zone).isoformat() for edge in found]


def lengths(zone: str, unit: str, first: str, last: str, per: int) -> list[float]:
    found = edges(us(first, zone), us(last, zone), parse_bucket(unit), parse_zone(zone))
    return [(end - start) / per for start, end in pairwise(found)]


class TestParseBucket:
    @pytest.mark.parametrize(
        ("text", "size_s"),
        [("1s", 1), ("10s", 10), ("90s", 90), ("15m", 900), ("1h", 3600), ("1d", 86400), ("366d", 31_622_400)],
    )
    def test_fixed(self, text: str, size_s: int) -> None:
        assert parse_bucket(text) == Bucket(size_us=size_s * SECOND)

    @pytest.mark.parametrize("text", list(LABELS))
    def test_calendar(self, text: str) -> None:
        assert parse_bucket(text) == Bucket(unit=Unit(text))

    @pytest.mark.parametrize(
        "text",
        [
            *("", "h", "10", "0s", "00m", "01h", "-1h", "+1h", "1.5h", "1 h", " 1h", "1h ", "1h\n", "1H", "1w", "1ms"),
            *("1h30m", "١h", "\uff11h", "367d", "8785h", "31622401s", "9" * 30 + "s", "Hour", "days", "HOUR", "None"),
        ],
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            parse_bucket(text)
        assert [error.field for error in caught.value.errors] == ["bucket"]


class TestParseZone:
    @pytest.mark.parametrize("text", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"])
    def test_known(self, text: str) -> None:
        assert parse_zone(text).key == text

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", "Europe/Nowhere", "europe/berlin", "Europe", "Europe/", "/Europe/Berlin", "Europe/Berlin/"),
            *("../etc/passwd", "/etc/localtime", "Europe/../Europe/Berlin", "localtime", "posixrules", "zone.tab"),
            *("right/Europe/Berlin", "posix/Europe/Berlin", "UTC\n", "UTC\0", "+02:00", "CEST", "A" * 10_000, "Ü"),
        ],
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            parse_zone(text)
        assert [error.field for error in caught.value.errors] == ["timezone"]


class TestFixed:
    def test_aligned_to_the_epoch(self) -> None:
        found = edges(7 * SECOND, 31 * SECOND, parse_bucket("10s"), parse_zone("UTC"))
        assert found == [0, 10 * SECOND, 20 * SECOND, 30 * SECOND, 40 * SECOND]

    def test_exact_range_adds_nothing(self) -> None:
        assert edges(0, 2 * HOUR, parse_bucket("1h"), parse_zone("UTC")) == [0, HOUR, 2 * HOUR]

    def test_before_1970(self) -> None:
        assert edges(-1, 1, parse_bucket("1d"), parse_zone("UTC")) == [-DAY, 0, DAY]

    def test_zone_does_not_matter(self) -> None:
        assert starts("Asia/Kathmandu", "1d", "2026-05-01T06:00", "2026-05-01T07:00") == [
            "2026-05-01T05:45:00+05:45",
            "2026-05-02T05:45:00+05:45",
        ]

    @unhurried
    @given(start=st.integers(-(10**16), 10**16), span=st.integers(1, 10**10), size_s=st.sampled_from((10, 60, 900, 86400)))
    def test_covers_with_equal_steps(self, start: int, span: int, size_s: int) -> None:
        found = edges(start, start + span, parse_bucket(f"{size_s}s"), parse_zone("UTC"))
        assert found[0] <= start < found[1]
        assert found[-2] < start + span <= found[-1]
        assert {b - a for a, b in pairwise(found)} == {size_s * SECOND}
        assert {edge % (size_s * SECOND) for edge in found} == {0}


class TestClockChanges:
    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Europe/Berlin", "2026-03-28", 24),
            ("Europe/Berlin", "2026-03-29", 23),
            ("Europe/Berlin", "2026-10-25", 25),
            ("America/New_York", "2026-03-08", 23),
            ("America/New_York", "2026-11-01", 25),
            ("America/Sao_Paulo", "2018-11-04", 23),
            ("America/Sao_Paulo", "2018-02-17", 25),
            ("America/Havana", "2026-11-01", 25),
            ("Asia/Beirut", "2025-03-30", 23),
            ("Australia/Lord_Howe", "2026-10-04", 23.5),
            ("Australia/Lord_Howe", "2026-04-05", 24.5),
            ("Asia/Kathmandu", "1986-01-01", 23.75),
            ("UTC", "2026-03-29", 24),
        ],
    )
    def test_length_of_the_day(self, zone: str, day: str, hours: float) -> None:
        assert lengths(zone, "day", f"{day}T12:00", f"{day}T12:01", HOUR) == [hours]

    @pytest.mark.parametrize(
        ("zone", "day", "start"),
        [
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"),
            ("Asia/Beirut", "2025-03-30", "2025-03-30T01:00:00+03:00"),
            ("Asia/Kathmandu", "1986-01-01", "1986-01-01T00:15:00+05:45"),
            ("America/Toronto", "1919-03-31", "1919-03-31T00:30:00-04:00"),  # skipped from 23:30 the day before
            ("America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"),  # the first of two midnights
        ],
    )
    def test_days_without_one_midnight(self, zone: str, day: str, start: str) -> None:
        assert starts(zone, "day", f"{day}T12:00", f"{day}T12:01")[0] == start

    def test_skipped_day(self) -> None:
        assert starts("Pacific/Apia", "day", "2011-12-29T00:00", "2012-01-01T00:00") == [
            "2011-12-29T00:00:00-10:00",
            "2011-12-31T00:00:00+14:00",
            "2012-01-01T00:00:00+14:00",
        ]
        assert lengths("Pacific/Apia", "week", "2011-12-28T00:00", "2011-12-29T00:00", DAY) == [6]

    def test_clock_set_back_over_midnight(self) -> None:
        # At 00:01 on 7 November back to 23:01 on the 6th: the 7th began with its first minute and is one bucket.
        inside_us = us("2010-11-07T02:45")  # 23:15 local, the second time
        assert local(inside_us, "America/St_Johns").isoformat() == "2010-11-06T23:15:00-03:30"
        found = edges(inside_us, inside_us + 1, parse_bucket("day"), parse_zone("America/St_Johns"))
        assert found == [us("2010-11-07T02:30"), us("2010-11-08T03:30")]

    def test_repeated_hour_is_two_buckets(self) -> None:
        assert starts("Europe/Berlin", "hour", "2026-10-25T01:30", "2026-10-25T03:30") == [
            "2026-10-25T01:00:00+02:00",
            "2026-10-25T02:00:00+02:00",
            "2026-10-25T02:00:00+01:00",
            "2026-10-25T03:00:00+01:00",
            "2026-10-25T04:00:00+01:00",
        ]

    def test_skipped_hour_is_none(self) -> None:
        assert starts("Europe/Berlin", "hour", "2026-03-29T01:00", "2026-03-29T04:00") == [
            "2026-03-29T01:00:00+01:00",
            "2026-03-29T03:00:00+02:00",
            "2026-03-29T04:00:00+02:00",
        ]

    def test_hours_of_a_zone_off_the_full_hour(self) -> None:
        assert starts("Asia/Kathmandu", "hour", "2026-05-01T06:10", "2026-05-01T07:10") == [
            "2026-05-01T06:00:00+05:45",
            "2026-05-01T07:00:00+05:45",
            "2026-05-01T08:00:00+05:45",
        ]

    def test_half_hour_changes(self) -> None:
        assert starts("Australia/Lord_Howe", "hour", "2026-10-04T01:00", "2026-10-04T04:00") == [
            "2026-10-04T01:00:00+10:30",
            "2026-10-04T02:30:00+11:00",
            "2026-10-04T03:00:00+11:00",
            "2026-10-04T04:00:00+11:00",
        ]
        assert starts("Australia/Lord_Howe", "hour", "2026-04-05T01:00", "2026-04-05T03:00") == [
            "2026-04-05T01:00:00+11:00",
            "2026-04-05T01:30:00+10:30",
            "2026-04-05T02:00:00+10:30",
            "2026-04-05T03:00:00+10:30",
        ]

    def test_range_that_begins_right_after_a_half_hour_change(self) -> None:
        assert starts("Australia/Lord_Howe", "hour", "2026-10-04T02:40", "2026-10-04T02:50") == [
            "2026-10-04T02:30:00+11:00",
            "2026-10-04T03:00:00+11:00",
        ]


class TestCalendar:
    def test_week_begins_on_monday(self) -> None:
        assert starts("Europe/Berlin", "week", "2026-01-01T00:00", "2026-01-05T00:01") == [
            "2025-12-29T00:00:00+01:00",
            "2026-01-05T00:00:00+01:00",
            "2026-01-12T00:00:00+01:00",
        ]

    def test_months(self) -> None:
        common = lengths("UTC", "month", "2026-01-01T00:00", "2027-01-01T00:00", DAY)
        assert common == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        assert lengths("UTC", "month", "2024-02-10T00:00", "2024-02-11T00:00", DAY) == [29]
        assert lengths("UTC", "month", "2100-02-10T00:00", "2100-02-11T00:00", DAY) == [28]

    def test_quarters(self) -> None:
        assert lengths("UTC", "quarter", "2026-02-01T00:00", "2026-12-31T00:00", DAY) == [90, 91, 92, 92]
        berlin = lengths("Europe/Berlin", "quarter", "2026-02-01T00:00", "2026-12-31T00:00", HOUR)
        assert berlin == [90 * 24 - 1, 91 * 24, 92 * 24, 92 * 24 + 1]

    def test_years(self) -> None:
        assert lengths("Europe/Berlin", "year", "2023-07-01T00:00", "2025-07-01T00:00", DAY) == [365, 366, 365]

    @unhurried
    @given(
        zone=st.sampled_from(ZONES),
        unit=st.sampled_from(list(LABELS)),
        start_us=st.integers(us("1975-01-01"), us("2035-01-01")),
        part=st.floats(0, 1, exclude_min=True),
    )
    @example(zone="Pacific/Chatham", unit="hour", start_us=749_135_700_000_001, part=1.0)
    def test_a_bucket_is_what_the_local_clock_says(self, zone: str, unit: str, start_us: int, part: float) -> None:
        end_us = start_us + max(1, int(part * SPAN_DAYS[unit] * DAY))
        found = edges(start_us, end_us, parse_bucket(unit), parse_zone(zone))
        assert found[0] <= start_us < found[1]
        assert found[-2] < end_us <= found[-1]
        seen: list[tuple[object, ...]] = []
        for begin, end in pairwise(found):
            assert begin < end
            instants = (begin, (begin + end) // 2, end - SECOND)
            labels = {LABELS[unit](local(at_us, zone)) for at_us in instants}
            first, last = [local(at_us, zone).utcoffset() or timedelta() for at_us in (begin, end - SECOND)]
            if unit == "hour" and first != last and first % timedelta(hours=1):
                continue  # a clock that changes within an hour: Chatham's at 02:45, and no hour begins before 04:00
            assert len(labels) == 1
            seen.extend(labels)
        assert len(seen) == len(set(seen))

    @unhurried
    @given(
        zone=st.sampled_from(ZONES),
        unit=st.sampled_from(["hour", "day"]),
        start_us=st.integers(us("1975-01-01"), us("2035-01-01")),
        cuts=st.tuples(st.integers(0, 3 * DAY), st.integers(0, 3 * DAY)),
    )
    def test_ranges_agree_where_they_overlap(self, zone: str, unit: str, start_us: int, cuts: tuple[int, int]) -> None:
        wide = edges(start_us, start_us + 7 * DAY, parse_bucket(unit), parse_zone(zone))
        inner_us = (start_us + cuts[0], start_us + 7 * DAY - cuts[1])
        narrow = edges(*inner_us, parse_bucket(unit), parse_zone(zone))
        assert narrow == [edge for edge in wide if narrow[0] <= edge <= narrow[-1]]
        assert narrow[0] in wide
        assert narrow[-1] in wide


class TestRefusals:
    @pytest.mark.parametrize(("unit", "step"), [("1h", HOUR), ("hour", HOUR), ("day", DAY), ("7d", 7 * DAY)])
    def test_limit(self, unit: str, step: int) -> None:
        zone = parse_zone("UTC")
        assert len(edges(0, 50 * step, parse_bucket(unit), zone, limit=50)) == 51
        with pytest.raises(InvalidInput, match=r"\b50\b.*\b51\b") as caught:
            edges(0, 50 * step + 1, parse_bucket(unit), zone, limit=50)
        assert [error.field for error in caught.value.errors] == ["bucket"]

    @pytest.mark.parametrize("unit", ["1s", "hour", "day"])
    def test_many_thousand_years_are_refused_at_once(self, unit: str) -> None:
        with pytest.raises(InvalidInput, match="at most 10000 buckets"):
            edges(us("1001-01-01"), us("8990-01-01"), parse_bucket(unit), parse_zone("Europe/Berlin"))

    @pytest.mark.parametrize("span", [0, -1])
    def test_empty_range(self, span: int) -> None:
        with pytest.raises(InvalidInput) as caught:
            edges(HOUR, HOUR + span, parse_bucket("1h"), parse_zone("UTC"))
        assert [error.field for error in caught.value.errors] == ["to"]

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [("0999-06-01", "2000-01-01", "from"), ("2000-01-01", "9000-06-01", "to")],
    )
    def test_years_beyond_the_calendar(self, first: str, last: str, field: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            edges(us(first), us(last), parse_bucket("year"), parse_zone("Pacific/Apia"))
        assert [error.field for error in caught.value.errors] == [field]

    @pytest.mark.parametrize("start_us", [us("1000-01-01"), us("9000-01-01") - HOUR])
    @pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Pago_Pago", "UTC"])
    @pytest.mark.parametrize("unit", list(LABELS))
    def test_first_and_last_hour_of_the_calendar_work(self, start_us: int, zone: str, unit: str) -> None:
        found = edges(start_us, start_us + HOUR, parse_bucket(unit), parse_zone(zone))
        assert found[0] <= start_us < start_us + HOUR <= found[-1]
