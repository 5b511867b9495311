"""Times, numbers and sizes, as people read them."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment

from penstock.api.console.shared.formats import FILTERS, ago, duration, known_locale, moment, size
from penstock.api.console.shared.viewer import Viewer


def shown(template: str, viewer: Viewer | None = None, **values: object) -> str:
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    return environment.from_string(template).render(viewer=viewer or Viewer(), **values)


def test_times_are_in_the_zone_and_language_of_the_viewer() -> None:
    viewer = Viewer(zone=ZoneInfo("Europe/Brussels"), locale="de")
    assert shown("{{ t|exact_text }}", viewer, t="2026-07-01T12:00:00Z") == "1 Juli 2026, 14:00:00 MESZ"
    title = "2026-07-01T12:00:00Z · 1782907200"
    element = shown("{{ 'at ' ~ (t|exact) }}", viewer, t="2026-07-01T14:00:00+02:00")
    assert element.startswith('at <time datetime="2026-07-01T12:00:00+00:00" title="' + title + '">1 Juli')
    assert shown("{{ t|exact }}", t="no time") == shown("{{ t|exact }}") == "–"


def test_a_time_has_its_distance_and_all_of_it_on_hover() -> None:
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=3)
    text = shown("{{ t|when }}", t=past.isoformat())
    assert ">3 h ago</time>" in text
    assert f"{past.timestamp():.0f}" in text


def test_times_that_are_compared_are_written_to_the_minute() -> None:
    text = shown("{{ t|minute }}", Viewer(zone=ZoneInfo("Europe/Brussels")), t="2026-07-01T12:32:09Z")
    assert ">2026-07-01 14:32</time>" in text
    assert "14:32:09 CEST · 2026-07-01T12:32:09Z" in text
    assert shown("{{ t|minute }}", t=None) == "–"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("m3", "m³"),
        ("m3/h", "m³/h"),
        ("W/m2", "W/m²"),
        ("dm3", "dm³"),
        ("pm25", "pm25"),
        ("ppm2x", "ppm2x"),
        ("", ""),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_units_are_printed_as_in_books(written: str, printed: str) -> None:
    assert shown("{{ u|unit }}", u=written) == printed


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1234567.5, "1,234,567.5"), (0.1234567, "0.123457"), (1e-9, "1e-09"), (0, "0"), (True, "true"), (None, "–"), ("x", "x")],
)
def test_numbers(value: object, expected: str) -> None:
    assert shown("{{ v|num }}", v=value) == expected


def test_numbers_follow_the_language_and_the_decimals() -> None:
    assert shown("{{ 1234.5|num(2) }} {{ 2.6|num(0) }}", Viewer(locale="de")) == "1.234,50 3"
    halves = "{{ 4.25|num(1) }} {{ 1.005|num(2) }} {{ -0.5|num(0) }} {{ 1e-7|num(1) }} {{ 7|num(1) }}"
    assert shown(halves) == "4.3 1.01 -1 0.0 7.0"
    assert shown(halves, Viewer(locale="de")) == "4,3 1,01 -1 0,0 7,0"
    assert known_locale("xx-none").language == "en"


def test_sizes_and_durations() -> None:
    assert [size(value) for value in (0, 999, 1_000, 123_456_789, None)] == ["0 B", "999 B", "1.0 kB", "123 MB", "–"]
    assert [duration(value) for value in (4, 90, 7_200, 200_000, None)] == ["4 s", "2 min", "2 h", "2 d", "–"]
    assert (ago(0.2), ago(-86_400)) == ("now", "in 1 d")


def test_moments() -> None:
    assert moment(0) == datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    assert moment("") is moment("x") is None


def test_values_and_ids() -> None:
    assert shown("{{ v|pretty }}", v={"a": [1]}).replace("&#34;", '"') == '{\n  "a": [\n    1\n  ]\n}'
    assert shown("{{ 'dev_0c2k9fq7w3m1x'|short_id }} {{ 'short'|short_id }} ") == "dev_0…7w3m1x short "
    assert shown("{{ 1500|bytes }}") == '<span title="1,500 bytes">1.5 kB</span>'
    assert shown("{{ 90|duration }} {{ none|duration }}") == '<span title="90 s">2 min</span> –'
