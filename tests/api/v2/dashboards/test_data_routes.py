"""What widgets show, over the native API: values of devices that really reported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.api.v2.dashboards.made import DASHBOARDS, WIDGETS, board, device, report, shown, widget
from tests.support.server import RunningServer
from tests.support.waiting import eventually

NOBODY = "dev_0000000000000"


def ago(**length: float) -> str:
    return (datetime.now(UTC) - timedelta(**length)).isoformat().replace("+00:00", "Z")


def preview(api: httpx.Client, options: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = api.post(f"{WIDGETS}/preview", json={"options": options} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_latest_value_has_name_unit_and_time(api: httpx.Client) -> None:
    sensor, at = device(api), ago(minutes=2)
    report(api, sensor, {"time": ago(minutes=3), "data": {"humidity": 40}}, {"time": at, "data": {"temperature": 21.5}})
    options = {"type": "last_value", "source": {"device_id": sensor}, "field": "temperature", "label": "Now"}
    made = widget(api, board(api)["id"], options=options)
    data = shown(api, made["id"])
    (value,) = data["values"]
    assert (data["type"], value["value"], value["name"], value["unit"], value["label"]) == (
        *("last_value", 21.5, "Temperature", "°C", "Now"),
    )
    assert (value["device_id"], value["device_name"], value["missing"]) == (sensor, "Office", False)
    assert value["time"][:19] == at[:19]
    earlier = preview(api, options | {"field": "humidity", "unit": "%"})["values"][0]
    assert (earlier["value"], earlier["unit"]) == (40, "%"), "of a reading before the latest"
    nothing = preview(api, options | {"field": "pressure"})["values"][0]
    assert (nothing["value"], nothing["time"], nothing["missing"]) == (None, None, False)
    gone = preview(api, options | {"source": {"device_id": NOBODY}})["values"][0]
    assert (gone["missing"], gone["device_name"]) == (True, "")


def test_a_chart_has_readings_of_an_hour_and_buckets_of_more(api: httpx.Client) -> None:
    sensor = device(api)
    readings = [{"time": ago(minutes=10 - at), "data": {"temperature": 20 + at, "open": at % 2 == 0}} for at in range(10)]
    report(api, sensor, *readings)
    series = {"source": {"device_id": sensor}, "field": "temperature", "color": "#1a2b3c", "axis": "right"}
    options = {"type": "chart", "series": [series, series | {"field": "open", "function": "last"}]}
    raw = preview(api, options, range="1h")
    assert (raw["bucket"], [one["value"] for one in raw["series"][0]["points"]]) == (None, list(range(20, 30)))
    assert [one["value"] for one in raw["series"][1]["points"]][:2] == [True, False]
    line = raw["series"][0]
    assert (line["label"], line["unit"], line["color"], line["axis"]) == ("Office · Temperature", "°C", "#1a2b3c", "right")
    day = preview(api, options, range="24h")
    assert day["bucket"] == "5m"
    assert 2 <= len(day["series"][0]["points"]) <= 4
    highest = preview(api, {"type": "chart", "series": [series | {"function": "max"}]}, range="30d")
    assert (highest["bucket"], max(one["value"] for one in highest["series"][0]["points"])) == ("1h", 29)
    counted = preview(api, {"type": "chart", "series": [series | {"function": "count"}]}, range="1h")
    assert (counted["bucket"], sum(one["value"] for one in counted["series"][0]["points"])) == ("10s", 10)
    fixed = preview(api, options | {"bucket": "15m"}, range="24h")
    assert (fixed["bucket"], preview(api, options | {"bucket": "10s"}, range="365d")["bucket"]) == ("15m", "12h")


def test_devices_by_labels_and_variables(api: httpx.Client) -> None:
    ids = [device(api, name=f"Room {at}", labels={"site": "lab-9", "floor": str(at)}) for at in (1, 2)]
    for at, one in enumerate(ids):
        report(api, one, {"time": ago(minutes=1), "data": {"temperature": 10 * at}})
    variables = [
        {"name": "floor", "kind": "label", "label_key": "floor", "labels": {"site": "lab-9"}},
        {"name": "room", "kind": "device", "default": ids[0]},
    ]
    dashboard = board(api, variables=variables)["id"]
    table = {"type": "table", "source": {"labels": {"site": "lab-9"}}, "fields": ["temperature", "humidity"]}
    data = shown(api, widget(api, dashboard, options=table)["id"])
    assert [(row["device_name"], row["values"]) for row in data["rows"]] == [
        ("Room 1", {"temperature": 0, "humidity": None}),
        ("Room 2", {"temperature": 10, "humidity": None}),
    ]
    assert data["columns"][0] == {"field": "temperature", "name": "Temperature", "unit": "°C", "decimals": None}
    by_floor = widget(api, dashboard, options=table | {"source": {"variable": "floor"}, "show": "readings"})["id"]
    assert [row["device_id"] for row in shown(api, by_floor, variables='{"floor":"2"}')["rows"]] == [ids[1]]
    assert len(shown(api, by_floor)["rows"]) == 2
    by_room = widget(api, dashboard, options={"type": "gauge", "source": {"variable": "room"}, "field": "temperature"})["id"]
    assert shown(api, by_room)["values"][0]["value"] == 0
    assert shown(api, by_room, variables=f'{{"room":"{ids[1]}"}}')["values"][0]["value"] == 10
    assert shown(api, by_room, variables='{"room":"nonsense"}')["values"][0]["missing"] is True
    assert preview(api, table | {"source": {"variable": "room"}})["rows"][0]["missing"] is True, "without its dashboard"
    assert len(preview(api, table | {"source": {"variable": "room"}}, dashboard_id=dashboard)["rows"]) == 1
    for query in ({"variables": "floor=2"}, {"variables": '{"floor":2}'}, {"timezone": "Mars"}, {"range": "1y"}, {"to": "x"}):
        answer = api.get(f"{WIDGETS}/{by_room}/data", params=query)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, next(iter(query)))


def test_maps_and_grids_have_states_and_alerts(api: httpx.Client) -> None:
    place = {"latitude": 52.5, "longitude": 13.4}
    ids = [device(api, name=name, labels={"site": "map-4"}, location=place if name == "A" else None) for name in "AB"]
    condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": 50}
    alert = {"name": "Hot", "severity": "critical", "target": {"devices": [ids[0]]}, "condition": condition}
    made = api.post("/api/v2/alerts", json=alert)
    assert made.status_code == 201, made.text
    report(api, ids[0], {"data": {"temperature": 60}})
    options = {"type": "map", "source": {"labels": {"site": "map-4"}}, "field": "temperature"}

    def devices() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = preview(api, options)["devices"]
        return found

    assert eventually(lambda: devices()[0]["alerts"] == 1)
    first, second = devices()
    assert (first["latitude"], first["connectivity"], first["severity"], first["value"]["value"]) == (
        52.5,
        "online",
        "critical",
        60,
    )
    assert (second["latitude"], second["connectivity"], second["alerts"], second["severity"]) == (None, "never", 0, None)
    grid = preview(api, {"type": "status_grid", "source": {"device_ids": [ids[1], NOBODY]}})["devices"]
    assert [(one["device_name"], one["missing"]) for one in grid] == [("B", False), ("", True)]


def test_pins_and_plain_widgets(api: httpx.Client) -> None:
    sensor = device(api)
    report(api, sensor, {"data": {"temperature": 7}})
    pins = [{"x": 12.5, "y": 50, "source": {"device_id": sensor}, "field": "temperature", "label": "Here"}]
    (value,) = preview(api, {"type": "image", "pins": pins})["values"]
    assert (value["x"], value["y"], value["value"], value["label"]) == (12.5, 50, 7, "Here")
    assert preview(api, {"type": "text", "text": "x"})["values"] == []


def test_the_scopes_of_what_is_read_are_needed(api: httpx.Client, server: RunningServer) -> None:
    sensor = device(api, labels={"site": "scoped"})
    report(api, sensor, {"data": {"temperature": 7}})
    value = {"type": "last_value", "source": {"device_id": sensor}, "field": "temperature"}
    grid = {"type": "status_grid", "source": {"device_id": sensor}}

    def asked(options: dict[str, Any], *scopes: str) -> httpx.Response:
        key = api.post("/api/v2/keys", json={"name": "board", "scopes": ["dashboards:read", *scopes]}).json()["value"]
        return api.post(f"{WIDGETS}/preview", json={"options": options}, headers={"X-API-Key": key})

    assert asked(value).json()["detail"] == "the scope telemetry:read is required"
    assert asked(grid, "telemetry:read").json()["detail"] == "the scope devices:read is required"
    by_labels = value | {"source": {"labels": {"site": "scoped"}}}
    assert asked(by_labels, "telemetry:read").json()["detail"] == "the scope devices:read is required"
    nameless = asked(value, "telemetry:read").json()["values"][0]
    assert (nameless["value"], nameless["device_name"]) == (7, "")
    assert asked(grid, "devices:read").json()["devices"][0]["alerts"] is None
    assert asked({"type": "text", "text": "x"}).status_code == 200


def test_a_key_of_a_project_sees_its_devices_only(api: httpx.Client) -> None:
    project = api.post("/api/v2/projects", json={"name": "Inside"}).json()["id"]
    labels = {"site": "bound-3"}
    inside, outside = device(api, project_id=project, labels=labels), device(api, labels=labels)
    body = {
        "name": "bound",
        "project_id": project,
        "scopes": ["dashboards:write", "dashboards:read", "telemetry:read", "devices:read"],
    }
    own = {"X-API-Key": api.post("/api/v2/keys", json=body).json()["value"]}
    hidden = board(api)["id"]
    assert api.get(f"/api/v2/dashboards/{hidden}", headers=own).status_code == 404
    made = api.post("/api/v2/dashboards", json={"name": "Own"}, headers=own).json()
    assert made["project_id"] == project
    assert [one["id"] for one in api.get("/api/v2/dashboards", headers=own).json()["data"]] == [made["id"]]
    table = {"type": "table", "source": {"labels": labels}, "fields": ["temperature"]}
    rows = api.post(f"{WIDGETS}/preview", json={"options": table}, headers=own).json()["rows"]
    assert [row["device_id"] for row in rows] == [inside]
    whole = preview(api, table)["rows"]
    assert {row["device_id"] for row in whole} == {inside, outside}
    assert [row["device_id"] for row in preview(api, table, dashboard_id=made["id"])["rows"]] == [inside]
    named = api.post(f"{WIDGETS}/preview", json={"options": table | {"source": {"device_id": outside}}}, headers=own).json()
    assert named["rows"][0]["missing"] is True


def test_all_widgets_of_a_dashboard_in_one_call(api: httpx.Client) -> None:
    sensor, made = device(api), board(api)
    report(api, sensor, {"data": {"temperature": 21.5}})
    source = {"device_id": sensor}
    gauge = widget(api, made["id"], options={"type": "gauge", "source": source, "field": "temperature", "min": 0, "max": 40})
    states = widget(api, made["id"], options={"type": "status_grid", "source": source})
    widget(api, made["id"], options={"type": "text", "text": "x"})
    path = f"{DASHBOARDS}/{made['id']}/data"
    first, second = api.get(path, params={"range": "1h"}).raise_for_status().json()["widgets"]
    assert (first["widget_id"], first["data"]["values"][0]["value"], first["error"]) == (gauge["id"], 21.5, None)
    assert (second["widget_id"], second["data"]["devices"][0]["device_id"]) == (states["id"], sensor)
    (only,) = api.get(path, params={"widget_ids": [states["id"], "wid_0000000000000"]}).raise_for_status().json()["widgets"]
    assert only["widget_id"] == states["id"]
    refused = api.get(path, params={"widget_ids": "dev_1"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "widget_ids")
    assert api.get(f"{DASHBOARDS}/dsb_0000000000000/data").status_code == 404
