"""What was received from a device or sent to it, by kind: each is a list of its own in the API."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import msgspec

from penstock.api.console.devices import view
from penstock.api.console.shared.visit import Visit
from penstock.kit.clock import SECOND_US, format_time

DEVICE = "/api/v2/devices/{device_id}"
PAGE_SIZE = "50"
DEFAULT_RANGE = "7d"
Row = dict[str, Any]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of messages: the list of the API, and how a row of it is shown.

    `span` is how the list takes its range of time: a `range` or a beginning and an end, only the latter (`moments`), or not at
    all.
    """

    label: str
    path: str
    span: str
    shown: Callable[[Row], Row]


def _reading(row: Row) -> Row:
    found = {"summary": view.summary_of(row), "decoding": view.decoding_of(row), "reception": view.reception_of(row)}
    return row | found


def _event(row: Row) -> Row:
    return row | {"data": row["details"], "summary": view.summary_of({"data": row["details"]})}


def _change(row: Row) -> Row:
    return {"kind": row["connectivity"], "received_at": row["at"], "time": row["at"], "summary": row["reason"], "data": row}


def _command(row: Row) -> Row:
    summary = f"{row['name']} {view.summary_of({'data': row['parameters']})}".strip()
    moments = {"received_at": row["created_at"], "time": row["created_at"]}
    return {"id": row["id"], "kind": row["state"], "summary": summary, "data": row} | moments


KINDS = {
    "reading": Kind(label="Readings", path=f"{DEVICE}/telemetry", span="range", shown=_reading),
    "event": Kind(label="Events of the network", path=f"{DEVICE}/events", span="moments", shown=_event),
    "status": Kind(label="Online and offline", path=f"{DEVICE}/connectivity", span="moments", shown=_change),
    "command": Kind(label="Commands", path="/api/v2/command-executions", span="moments", shown=_command),
    "unusable": Kind(label="Unusable", path=f"{DEVICE}/telemetry/quarantined", span="", shown=_reading),
}


def kind_of(visit: Visit) -> str:
    """The kind in the page's address: readings, if it has none that exists."""
    kind = "unusable" if visit.query.get("quarantined") else visit.query.get("kind", "")
    return kind if kind in KINDS else "reading"


async def messages_of(visit: Visit, kind: str) -> dict[str, Any]:
    """A page of messages: {data, next_cursor}; no rows if the person must not see this kind."""
    found, is_readings = KINDS[kind], kind in ("reading", "unusable")
    query: dict[str, str | None] = {"limit": PAGE_SIZE, **visit.asked("cursor"), **_span(visit, found.span)}
    if "{device_id}" in found.path:
        call = (visit.get if is_readings else visit.find)(found.path, path=visit.params, query=query)
    else:
        call = visit.find(found.path, query={**query, **visit.params})
    page: dict[str, Any] = await call or {"data": [], "next_cursor": None}
    return page | {"data": [found.shown(row) for row in page["data"]]}


def _span(visit: Visit, how: str) -> dict[str, str]:
    asked = view.range_of(visit.query, DEFAULT_RANGE)
    if how != "moments" or "range" not in asked:
        return asked if how else {}
    now_us = int(datetime.datetime.now(datetime.UTC).timestamp() * SECOND_US)
    return {"from": format_time(max(now_us - int(view.span_s(visit.query, DEFAULT_RANGE) * SECOND_US), 0))}
