"""Dashboards over the native API: from folders to what widgets show, as a user calls them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.v2.dashboards.made import DASHBOARDS, board, device


def test_a_dashboard_is_made_shown_changed_and_deleted(api: httpx.Client) -> None:
    made = board(api, description="All floors")
    path = f"{DASHBOARDS}/{made['id']}"
    assert (made["range"], made["widget_count"], made["folder_id"]) == ("24h", 0, None)
    answer = api.get(path)
    assert answer.json() == made
    changed = api.patch(path, json={"range": None, "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}).json()
    assert (changed["range"], changed["from"]) == (None, "2026-01-01T00:00:00Z")
    stale = api.patch(path, json={"name": "Late"}, headers={"If-Match": answer.headers["etag"]})
    assert (stale.status_code, api.get(path).json()["name"]) == (412, made["name"])
    assert api.delete(path).status_code == 204
    for gone in (api.get(path), api.patch(path, json={}), api.delete(path), api.get(f"{path}/widgets")):
        assert (gone.status_code, gone.json()["code"]) == (404, "dashboards.not_found")


def test_wrong_fields_are_named(api: httpx.Client) -> None:
    variable = {"name": "room", "kind": "device"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"name": ""}, "name"),
        ({"range": "soon"}, "range"),
        ({"range": "24h", "from": "2026-01-01T00:00:00Z"}, "range"),
        ({"from": "2026-01-01T00:00:00Z"}, "range"),
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "to"),
        ({"from": "yesterday", "to": "2026-01-01T00:00:00Z"}, "from"),
        ({"refresh_s": 1}, "refresh_s"),
        ({"variables": [variable, variable]}, "variables[1].name"),
        ({"variables": [{"name": "floor", "kind": "label"}]}, "variables[0].label_key"),
        ({"variables": [{"name": "Room 1", "kind": "device"}]}, "variables[0].name"),
        ({"folder_id": "here"}, "folder_id"),
    ]
    for body, field in wrong:
        answer = api.post(DASHBOARDS, json={"name": "Climate"} | body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), body


def test_dashboards_are_found_and_sorted_by_pages(api: httpx.Client) -> None:
    project = api.post("/api/v2/projects", json={"name": "Boards"}).json()["id"]
    made = {name: board(api, name=f"{name} 5%", project_id=project)["id"] for name in ("beta", "Alpha", "gamma")}

    def listed(**query: str) -> list[str]:
        found = api.get(DASHBOARDS, params={"project_id": project} | query).json()["data"]
        return [next(name for name, one_id in made.items() if one_id == one["id"]) for one in found]

    assert listed() == ["Alpha", "beta", "gamma"]
    api.patch(f"{DASHBOARDS}/{made['beta']}", json={"description": "changed"})
    assert listed(sort="-updated_at") == ["beta", "gamma", "Alpha"]
    assert listed(q="a 5%") == ["Alpha", "beta", "gamma"]
    assert listed(q="5_") == []
    for sort in ("name", "-updated_at"):
        first = api.get(DASHBOARDS, params={"project_id": project, "limit": "2", "sort": sort}).json()
        assert listed(sort=sort, cursor=first["next_cursor"]) == listed(sort=sort)[2:]
        other = "-updated_at" if sort == "name" else "name"
        crossed = api.get(DASHBOARDS, params={"sort": other, "cursor": first["next_cursor"]})
        assert (crossed.status_code, crossed.json()["errors"][0]["field"]) == (400, "cursor")


def test_a_copy_has_all_widgets_and_no_links(api: httpx.Client) -> None:
    made = board(api)
    path = f"{DASHBOARDS}/{made['id']}"
    for text in ("one", "two"):
        assert api.post(f"{path}/widgets", json={"title": text, "options": {"type": "text", "text": text}}).status_code == 201
    assert api.post(f"{path}/shares", json={"expires_at": "2099-01-01T00:00:00Z"}).json()["errors"][0]["field"] == "expires_at"
    copy = api.post(f"{path}/duplicate", json={}).json()
    assert (copy["name"], copy["widget_count"]) == (f"{made['name']} (copy)", 2)
    widgets = api.get(f"{DASHBOARDS}/{copy['id']}/widgets").json()["data"]
    assert [(one["title"], one["y"]) for one in widgets] == [("one", 0), ("two", 4)]
    assert api.get(f"{DASHBOARDS}/{copy['id']}/shares").json()["data"] == []
    assert {one["id"] for one in widgets}.isdisjoint(one["id"] for one in api.get(f"{path}/widgets").json()["data"])


def test_a_document_makes_the_same_dashboard_elsewhere(api: httpx.Client, other_api: httpx.Client) -> None:
    sensor = device(api)
    made = board(api, variables=[{"name": "room", "kind": "device", "default": sensor}], refresh_s=60)
    path = f"{DASHBOARDS}/{made['id']}"
    options = {"type": "last_value", "source": {"device_id": sensor}, "field": "temperature"}
    api.post(f"{path}/widgets", json={"title": "Office", "options": options, "x": 3, "y": 2, "w": 5, "h": 2})
    document = api.get(f"{path}/export").json()
    assert (document["format"], document["version"]) == ("penstock-dashboard", 1)
    here = api.post(f"{DASHBOARDS}/import", json={"document": document}).json()
    assert here["missing_devices"] == []
    there = other_api.post(f"{DASHBOARDS}/import", json={"document": document}).json()
    assert there["missing_devices"] == [sensor]
    imported = f"{DASHBOARDS}/{there['dashboard']['id']}"
    assert other_api.get(f"{imported}/export").json() == document
    widget = other_api.get(f"{imported}/widgets").json()["data"][0]
    shown = other_api.get(f"/api/v2/widgets/{widget['id']}/data").json()["values"][0]
    assert (shown["missing"], shown["value"], shown["device_name"]) == (True, None, "")
    wrong = [
        (document | {"format": "grafana"}, "document.format"),
        (document | {"widgets": [{"options": {"type": "clock"}}]}, "document.widgets[0].options.type"),
        (document | {"widgets": [{"options": options | {"source": {}}}]}, "document.widgets[0].options.source"),
        (document | {"widgets": [{"options": options, "x": 9, "y": 0, "w": 4}]}, "document.widgets[0].w"),
    ]
    for bad, field in wrong:
        answer = api.post(f"{DASHBOARDS}/import", json={"document": bad})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_options_of_variables_are_devices_and_values_of_labels(api: httpx.Client) -> None:
    ids = {floor: device(api, name=f"Room {floor}", labels={"site": "north-7", "floor": floor}) for floor in ("1", "2")}
    rooms = {"name": "room", "kind": "device", "labels": {"site": "north-7"}}
    made = board(api, variables=[rooms, {"name": "floor", "kind": "label", "label_key": "floor", "labels": {"site": "north-7"}}])
    path = f"{DASHBOARDS}/{made['id']}/variables"
    expected = [{"value": ids[floor], "name": f"Room {floor}"} for floor in ("1", "2")]
    assert api.get(f"{path}/room/options").json() == {"data": expected}
    assert api.get(f"{path}/floor/options").json() == {"data": [{"value": one, "name": one} for one in ("1", "2")]}
    unknown = api.get(f"{path}/other/options")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "dashboards.variable_not_found")
