"""Work of several kinds as rows of one list, computed from responses of the API. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from penstock.api.console.shared.formats import moment

KEPT = datetime.timedelta(days=2)
"""How long work that has ended is listed."""
_GOING = ("queued", "running")
_KINDS = {"devices": "devices", "registers": "meters' registers", "residents": "residents"}


def rows(work: Iterable[dict[str, Any]], now: datetime.datetime) -> list[dict[str, Any]]:
    """Work that has not ended, then what ended in the last days; both newest first."""
    shown = [one for one in work if one["going"] or _is_recent(one["at"], now)]
    shown.sort(key=lambda one: str(one["at"]), reverse=True)
    shown.sort(key=lambda one: not one["going"])
    return shown


def _is_recent(at: str, now: datetime.datetime) -> bool:
    found = moment(at)
    return found is not None and now - found < KEPT


def of_imports(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Imports, without dry runs, which the page that began them shows."""
    return [
        _row(
            one,
            title=f"Import of {_KINDS.get(one['kind'], one['kind'])}",
            href=f"/console/devices/import/{one['id']}",
            done=one["done"],
            total=one["rows"],
            faults=one["failed"],
        )
        for one in found
        if not one["dry_run"]
    ]


def of_redecodes(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Re-decodes of stored uplinks."""
    return [
        _row(
            one,
            title="Re-decode of a " + ("device" if one["device_id"] else "profile" if one["profile_id"] else "project"),
            href="/console/codecs/redecodes",
            done=one["done"],
            total=one["total"],
            faults=one["failed"],
        )
        for one in found
    ]


def of_runs(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Closing runs."""
    return [
        _row(
            one,
            title=f"Closing of {one['period']}",
            href=f"/console/bills/runs/{one['id']}",
            done=one["issued"] + one["failed"] + one["skipped"],
            total=one["total"],
            faults=one["failed"],
        )
        for one in found
    ]


def of_backups(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Backups of the server, whose progress is a share."""
    return [
        _row(
            {"id": one["name"], **one},
            title="Backup",
            href="/console/system",
            done=round(one["done"] * 100),
            total=100,
            faults=0,
        )
        for one in found
    ]


def _row(one: Mapping[str, Any], *, title: str, href: str, done: int, total: int | None, faults: int) -> dict[str, Any]:
    return {
        "id": one["id"],
        "title": title,
        "href": href,
        "state": one["state"],
        "going": one["state"] in _GOING,
        "done": done,
        "total": total,
        "faults": faults,
        "at": one["created_at"],
    }
