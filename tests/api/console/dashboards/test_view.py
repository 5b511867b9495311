"""What templates and scripts of dashboards get."""

from __future__ import annotations

from typing import Any

from penstock.api.console.dashboards.view import (
    board_of,
    folder_options,
    folder_rows,
    shared_board_of,
)

DASHBOARD: dict[str, Any] = {
    "id": "dsb_1",
    "updated_at": "2026-05-02T09:15:04Z",
    "live": True,
    "refresh_s": None,
    "project_id": None,
    "variables": [{"name": "room"}],
}
FOLDERS: list[dict[str, Any]] = [
    {"id": "dfo_2", "name": "zoo", "parent_id": None},
    {"id": "dfo_1", "name": "Attic", "parent_id": None},
    {"id": "dfo_3", "name": "Box", "parent_id": "dfo_1"},
]


def test_the_address_chooses_range_and_variables() -> None:
    board = board_of(DASHBOARD, [], {"range": "6h", "var-room": "dev_1", "var-empty": "", "live": "0"})
    assert (board["range"], board["variables"], board["live"]) == ("6h", {"room": "dev_1"}, False)
    board = board_of(DASHBOARD, [], {"range": "6h", "from": "a", "to": "b"})
    assert (board["range"], board["from"], board["to"], board["live"]) == (None, "a", "b", True)


def test_visitors_choose_only_the_range() -> None:
    board = shared_board_of({"live": False, "refresh_s": 30, "widgets": []}, "dsh_1", {"range": "7d", "var-room": "x"})
    assert (board["shared"], board["range"], board["variables"]) == ("dsh_1", "7d", {})


def test_folders_are_a_tree_by_name() -> None:
    assert [(one["id"], one["depth"]) for one in folder_rows(FOLDERS, "dfo_3")] == [("dfo_1", 0), ("dfo_3", 1), ("dfo_2", 0)]
    assert [one["id"] for one in folder_rows(FOLDERS, "dfo_3") if one["chosen"]] == ["dfo_3"]
    assert folder_options(FOLDERS)[1] == ["dfo_3", "– Box"]
