"""What the templates and scripts of dashboards get. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def board_of(dashboard: Mapping[str, Any], widgets: Sequence[Mapping[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """What `<ps-dashboard>` shows: the dashboard, its widgets, and the range and variables that the URL chooses."""
    chosen = {name.removeprefix("var-"): value for name, value in query.items() if name.startswith("var-") and value}
    custom = "from" in query and "to" in query
    return {
        "id": dashboard["id"],
        "range": None if custom else query.get("range") or None,
        "from": query["from"] if custom else None,
        "to": query["to"] if custom else None,
        "live": dashboard["live"] if "live" not in query else query["live"] == "1",
        "refresh_s": dashboard["refresh_s"],
        "variables": chosen,
        "names": [one["name"] for one in dashboard["variables"]],
        "project_id": dashboard["project_id"],
        "widgets": widgets,
    }


def shared_board_of(shared: Mapping[str, Any], token: str, query: Mapping[str, str]) -> dict[str, Any]:
    """The same for visitors, who have the token of a link instead of a session."""
    return {
        "shared": token,
        "range": query.get("range") or None,
        "from": None,
        "to": None,
        "live": shared["live"],
        "refresh_s": shared["refresh_s"],
        "variables": {},
        "names": [],
        "widgets": shared["widgets"],
    }


def folder_rows(folders: Sequence[Mapping[str, Any]], chosen: str | None) -> list[dict[str, Any]]:
    """Folders as a tree: each after the one that it is in, with its depth, by name."""
    return [
        {"id": one["id"], "name": one["name"], "depth": depth, "chosen": one["id"] == chosen}
        for one, depth in _below(folders, None, 0)
    ]


def folder_options(folders: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Folders to choose from, as id and name."""
    return [[one["id"], f"{'– ' * depth}{one['name']}"] for one, depth in _below(folders, None, 0)]


def _below(folders: Sequence[Mapping[str, Any]], parent: str | None, depth: int) -> list[tuple[Mapping[str, Any], int]]:
    found: list[tuple[Mapping[str, Any], int]] = []
    for one in sorted((one for one in folders if one["parent_id"] == parent), key=lambda one: str(one["name"]).casefold()):
        found.append((one, depth))
        found += _below(folders, one["id"], depth + 1)
    return found
