"""Folders of dashboards over the native API."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.v2.dashboards.made import DASHBOARDS, board

FOLDERS = "/api/v2/dashboard-folders"


def folder(api: httpx.Client, name: str, parent_id: str | None = None) -> dict[str, Any]:
    answer = api.post(FOLDERS, json={"name": name, "parent_id": parent_id})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_folders_hold_dashboards_and_are_deleted_when_empty(api: httpx.Client) -> None:
    made = folder(api, "Buildings")
    path = f"{FOLDERS}/{made['id']}"
    assert api.get(path).json() == made
    assert made in api.get(FOLDERS, params={"limit": "1000"}).json()["data"]
    inside = board(api, folder_id=made["id"])
    assert [one["id"] for one in api.get(DASHBOARDS, params={"folder_id": made["id"]}).json()["data"]] == [inside["id"]]
    full = api.delete(path)
    assert (full.status_code, full.json()["code"]) == (409, "dashboards.folder_not_empty")
    assert "0 folders and 1 dashboards" in full.json()["detail"]
    api.patch(f"{DASHBOARDS}/{inside['id']}", json={"folder_id": None})
    assert api.patch(path, json={"name": "Sites"}).json()["name"] == "Sites"
    assert api.delete(path).status_code == 204
    for gone in (api.get(path), api.delete(path), api.post(DASHBOARDS, json={"name": "x", "folder_id": made["id"]})):
        assert (gone.status_code, gone.json()["code"]) == (404, "dashboards.folder_not_found")


def test_folders_are_three_deep_and_never_in_themselves(api: httpx.Client) -> None:
    top = folder(api, "top")
    middle = folder(api, "middle", top["id"])
    low = folder(api, "low", middle["id"])
    other = folder(api, "other")
    too_deep = api.post(FOLDERS, json={"name": "deeper", "parent_id": low["id"]})
    moves = [(top["id"], low["id"]), (top["id"], top["id"]), (middle["id"], low["id"]), (top["id"], other["id"])]
    answers = [too_deep, *(api.patch(f"{FOLDERS}/{one}", json={"parent_id": into}) for one, into in moves)]
    assert [(one.status_code, one.json()["errors"][0]["field"]) for one in answers] == [(400, "parent_id")] * 5
    assert api.patch(f"{FOLDERS}/{middle['id']}", json={"parent_id": other["id"]}).json()["parent_id"] == other["id"]
    assert api.patch(f"{FOLDERS}/{middle['id']}", json={"parent_id": None}).json()["parent_id"] is None
    first = api.get(FOLDERS, params={"limit": "2"}).json()
    rest = api.get(FOLDERS, params={"cursor": first["next_cursor"], "limit": "1000"}).json()
    assert {top["id"], middle["id"], low["id"], other["id"]} <= {one["id"] for one in first["data"] + rest["data"]}
    for one in (low, middle, top, other):
        assert api.delete(f"{FOLDERS}/{one['id']}").status_code == 204
