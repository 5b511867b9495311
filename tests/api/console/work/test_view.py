"""Work of several kinds in one list."""

from __future__ import annotations

import datetime
from typing import Any

from penstock.api.console.work import view

NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


def imported(name: str, state: str, at: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "devices",
        "dry_run": False,
        "state": state,
        "rows": 9,
        "done": 3,
        "failed": 0,
        "created_at": at,
    } | more


def test_what_goes_on_is_first_and_what_ended_long_ago_is_left_out() -> None:
    found = [
        imported("imp_new", "done", "2026-05-04T11:00:00Z"),
        imported("imp_dry", "running", "2026-05-04T11:00:00Z", dry_run=True),
        imported("imp_going", "running", "2026-05-01T11:00:00Z"),
        imported("imp_old", "cancelled", "2026-05-01T11:00:00Z"),
    ]
    rows = view.rows(view.of_imports(found), NOW)
    assert [one["id"] for one in rows] == ["imp_going", "imp_new"]
    assert (rows[0]["title"], rows[0]["done"], rows[0]["total"]) == ("Import of devices", 3, 9)
    assert rows[0]["href"] == "/console/devices/import/imp_going"


def test_each_kind_has_its_progress() -> None:
    at = {"created_at": "2026-05-04T11:00:00Z"}
    redecode = {"id": "rdc_1", "device_id": None, "profile_id": "prf_1", "state": "queued", "total": None, "done": 0, "failed": 0}
    run = {"id": "run_1", "period": "2026-04", "state": "done", "total": 5, "issued": 3, "failed": 1, "skipped": 1}
    backup = {"name": "b.tar", "state": "failed", "done": 0.256, "bytes": None, "error": "disk full"}
    [one] = view.of_redecodes([redecode | at])
    assert (one["title"], one["going"], one["total"]) == ("Re-decode of a profile", True, None)
    [one] = view.of_runs([run | at])
    assert (one["title"], one["going"], one["done"], one["faults"]) == ("Closing of 2026-04", False, 5, 1)
    [one] = view.of_backups([backup | at])
    assert (one["id"], one["done"], one["total"]) == ("b.tar", 26, 100)
