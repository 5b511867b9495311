"""How templates write times, numbers, sizes and ids, for the person who looks at the page."""

from __future__ import annotations

import datetime
import functools
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from babel.core import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from penstock.api.console.shared.viewer import Viewer

_SIZES = ("B", "kB", "MB", "GB", "TB")
_STEPS = ((60, "s", 1), (3_600, "min", 60), (86_400, "h", 3_600), (float("inf"), "d", 86_400))
NOTHING = "–"
_POWER, _POWERS = re.compile(r"(?<![a-z])([dck]?m)([23])(?![a-z0-9])"), {"2": "²", "3": "³"}
ENGLISH = "en"


def moment(value: Any) -> datetime.datetime | None:
    """A time of the API (RFC 3339 text, or seconds since the epoch); None if it is none."""
    if isinstance(value, (int, float)):
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    try:
        return datetime.datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


@pass_context
def exact_text(context: Context, value: Any) -> str:
    """A time with its date, in the viewer's zone and language, for attributes and other places that take only text."""
    found = moment(value)
    if found is None:
        return NOTHING
    viewer: Viewer = context["viewer"]
    if viewer.locale == ENGLISH:
        here = found.astimezone(viewer.zone)
        return f"{here.day} {here:%b %Y, %H:%M:%S %Z}"
    return format_datetime(found, "d MMM y, HH:mm:ss z", tzinfo=viewer.zone, locale=known_locale(viewer.locale))


@pass_context
def exact(context: Context, value: Any) -> Markup | str:
    """A time with its date as an element, with UTC and the seconds since the epoch on hover."""
    found = moment(value)
    return NOTHING if found is None else _element(found, exact_text(context, value))


@pass_context
def when(context: Context, value: Any) -> Markup | str:
    """A time as an element: how long ago it is, with the exact time on hover. The browser keeps it current."""
    found = moment(value)
    if found is None:
        return NOTHING
    text = ago((datetime.datetime.now(datetime.UTC) - found).total_seconds())
    return _element(found, text, hover=f"{exact_text(context, value)} · ", more=" data-relative")


@pass_context
def minute(context: Context, value: Any) -> Markup | str:
    """A time as an element to the minute, such as `2026-07-01 14:32`: for columns in which times are compared."""
    found = moment(value)
    if found is None:
        return NOTHING
    viewer: Viewer = context["viewer"]
    return _element(found, f"{found.astimezone(viewer.zone):%Y-%m-%d %H:%M}", hover=f"{exact_text(context, value)} · ")


def _element(found: datetime.datetime, text: str, hover: str = "", more: str = "") -> Markup:
    """A `time` element, with UTC and the seconds since the epoch on hover."""
    utc = found.astimezone(datetime.UTC)
    title = f"{hover}{utc:%Y-%m-%dT%H:%M:%SZ} · {utc.timestamp():.0f}"
    # Without escaping, which takes longer than all else here: the parts are times and names of zones.
    return Markup(f'<time datetime="{utc.isoformat()}" title="{title}"{more}>{text}</time>')  # noqa: S704


def ago(seconds: float) -> str:
    """A distance from now, such as `4 s ago` or `in 3 d`."""
    if abs(seconds) < 1:
        return "now"
    text = duration(abs(seconds))
    return f"{text} ago" if seconds > 0 else f"in {text}"


def duration(seconds: Any) -> str:
    """A duration in its largest unit, such as `4 s`, `3 min`, `2 h` or `5 d`."""
    if not isinstance(seconds, (int, float)):
        return NOTHING
    unit, size = next((unit, size) for end, unit, size in _STEPS if abs(seconds) < end)
    return f"{seconds / size:.0f} {unit}"


@pass_context
def num(context: Context, value: Any, decimals: int | None = None) -> str:
    """A number in the viewer's language. Other values are written as they are."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false"}.get(value, NOTHING) if value is not None else NOTHING
    if not isinstance(value, (int, float)):
        return str(value)
    viewer: Viewer = context["viewer"]
    pattern = "#,##0.######" if decimals is None else "#,##0." + "0" * decimals if decimals else "#,##0"
    if isinstance(value, float):
        if value and not (0 if decimals is not None else 1e-6) <= abs(value) < 1e15:
            return f"{value:g}"
        if decimals is not None:
            value = _rounded(value, decimals)
    if viewer.locale == ENGLISH:
        return _in_english(value, decimals)
    return format_decimal(value, pattern, locale=known_locale(viewer.locale))


def _rounded(value: float, decimals: int) -> Decimal:
    """As scripts in browsers round: half away from zero, of the shortest text that means the number."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _in_english(value: float | Decimal, decimals: int | None) -> str:
    """The language of most viewers, without the library: it takes a tenth of the time of a list."""
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")


def size(value: Any) -> str:
    """A number of bytes in its largest decimal unit."""
    if not isinstance(value, (int, float)):
        return NOTHING
    left, unit = float(value), 0
    while abs(left) >= 1000 and unit < len(_SIZES) - 1:
        left, unit = left / 1000, unit + 1
    return f"{left:.0f} {_SIZES[unit]}" if unit == 0 or left >= 100 else f"{left:.1f} {_SIZES[unit]}"


def size_on_hover(value: Any) -> Markup | str:
    """A number of bytes in its largest unit, with the exact number on hover."""
    return _with_title(size(value), f"{value:,} bytes") if isinstance(value, (int, float)) else NOTHING


def duration_on_hover(value: Any) -> Markup | str:
    """A duration in its largest unit, with the seconds on hover."""
    return _with_title(duration(value), f"{value:,} s") if isinstance(value, (int, float)) else NOTHING


def _with_title(text: str, title: str) -> Markup:
    return Markup(f'<span title="{title}">{text}</span>')  # noqa: S704 - both are numbers and units


def unit(value: Any) -> str:
    """A unit as it is printed: `m³` for `m3`."""
    return _POWER.sub(lambda found: found[1] + _POWERS[found[2]], str(value)) if value else ""


def pretty(value: Any) -> str:
    """A value as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def short_id(value: Any) -> str:
    """An id for lists, without its middle. Ids that were made at about the same time begin alike, so the end tells them apart."""
    text = str(value)
    return text if len(text) <= 12 else f"{text[:5]}…{text[-6:]}"


@functools.lru_cache(maxsize=1_000)
def known_locale(name: str) -> Locale:
    """The language with a BCP 47 name; English if it is unknown."""
    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale("en")


FILTERS = {
    "when": when,
    "exact": exact,
    "exact_text": exact_text,
    "num": num,
    "bytes": size_on_hover,
    "duration": duration_on_hover,
    "minute": minute,
    "unit": unit,
    "pretty": pretty,
    "short_id": short_id,
}
