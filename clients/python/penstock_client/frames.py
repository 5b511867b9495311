"""Frames of pandas and polars as readings, and readings as frames. The libraries are imported only when a frame is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import ConfigurationInvalid

CHUNK_ROWS = 5_000
FORMS = ("dicts", "pandas", "polars")


@dataclass(frozen=True)
class FrameRow:
    """One reading of a frame."""

    data: dict[str, Any]
    device: str | None
    time: Any


def rows_of(
    frame: Any, *, time: str | None, device_column: str | None, columns: Sequence[str] | None, nested: bool
) -> Iterator[FrameRow]:
    """The readings of a frame, one for each row that has a value.

    Raises:
        ConfigurationInvalid: a column is missing, or a time has no offset.
    """
    for number, record in enumerate(_records(frame, time)):
        at = _taken(record, time, number) if time is not None else None
        device = str(_taken(record, device_column, number)) if device_column is not None else None
        data = {name: value for name, value in _values(record, columns) if name not in (time, device_column)}
        if data:
            yield FrameRow(_nested(data) if nested else data, device, at)


def _records(frame: Any, time: str | None) -> Iterator[Mapping[str, Any]]:
    if hasattr(frame, "iloc"):  # pandas
        if time is not None and time not in frame.columns:
            frame = frame.rename_axis(index=time).reset_index() if _indexed_by_time(frame, time) else frame
        for start in range(0, len(frame), CHUNK_ROWS):
            yield from frame.iloc[start : start + CHUNK_ROWS].to_dict("records")
    elif hasattr(frame, "iter_rows"):  # polars
        yield from frame.iter_rows(named=True)
    elif isinstance(frame, Iterable):
        yield from frame
    else:
        raise ConfigurationInvalid("the frame must be one of pandas or polars, or rows as dictionaries")


def _indexed_by_time(frame: Any, time: str) -> bool:
    return frame.index.name == time or hasattr(frame.index, "tz")


def _taken(record: Mapping[str, Any], column: str, number: int) -> Any:
    value = _plain(record[column]) if column in record else None
    if value is None:
        raise ConfigurationInvalid(f"row {number} has no value in the column {column!r}")
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ConfigurationInvalid(f"the time in row {number} has no offset from UTC: localise the column {column!r} first")
    return value


def _values(record: Mapping[str, Any], columns: Sequence[str] | None) -> Iterator[tuple[str, Any]]:
    for name in record if columns is None else columns:
        if name not in record:
            raise ConfigurationInvalid(f"there is no column {name!r}")
        value = _plain(record[name])
        if value is not None:
            yield str(name), value


def _plain(value: Any) -> Any:
    """A value as Python has it; None for what pandas and polars have for a missing one."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (Mapping, list, tuple)):
        return value
    try:
        if value != value:  # noqa: PLR0124  NaN and NaT are not equal to themselves
            return None
    except TypeError:
        return None  # pandas.NA has no truth
    to_datetime = getattr(value, "to_pydatetime", None)
    if to_datetime is not None:
        return to_datetime(warn=False)
    item = getattr(value, "item", None)
    return item() if item is not None else value


def _nested(data: Mapping[str, Any]) -> dict[str, Any]:
    """`{"vibration.rms": 1}` is `{"vibration": {"rms": 1}}`, as readings have it."""
    out: dict[str, Any] = {}
    for path, value in data.items():
        *parents, last = path.split(".")
        place = out
        for one in parents:
            inner = place.setdefault(one, {})
            if not isinstance(inner, dict):
                raise ConfigurationInvalid(f"the column {path!r} is inside another column that has values itself")
            place = inner
        place[last] = value
    return out


def flat(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a reading by their path with dots."""
    for name, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def check_form(form: str) -> None:
    """Check that readings can be had in a form, before they are fetched.

    Raises:
        ConfigurationInvalid: there is no such form.
        ImportError: its library is not installed.
    """
    if form not in FORMS:
        raise ConfigurationInvalid(f"as_ must be one of {', '.join(FORMS)}")
    if form != "dicts":
        __import__(form)


def as_form(readings: list[Any], form: str) -> Any:
    """Readings as a list of dictionaries or a frame: columns `time` (UTC), `seq`, `kind`, `channel`, and one for each value."""
    if form == "dicts":
        return readings
    fixed = ("time", "seq", "kind", "channel")
    rows = [{**{name: one[name] for name in fixed}, **_apart(flat(one["data"]), fixed)} for one in readings]
    return _pandas(rows, fixed) if form == "pandas" else _polars(rows, fixed)


def _apart(values: Iterable[tuple[str, Any]], fixed: Sequence[str]) -> dict[str, Any]:
    """Values whose names are those of the fixed columns get `data.` before them, as in exports."""
    return {f"data.{name}" if name in fixed else name: value for name, value in values}


def _pandas(rows: list[dict[str, Any]], fixed: Sequence[str]) -> Any:
    import pandas as pd

    frame = pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(fixed))
    frame["time"] = pd.to_datetime(frame["time"], utc=True, format="ISO8601")
    return frame


def _polars(rows: list[dict[str, Any]], fixed: Sequence[str]) -> Any:
    import polars as pl

    frame = pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame(schema=dict.fromkeys(fixed, pl.String))
    return frame.with_columns(pl.col("time").str.to_datetime(time_zone="UTC"))
