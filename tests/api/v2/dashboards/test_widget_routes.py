"""Widgets over the native API: their options, places and images."""

from __future__ import annotations

import base64
import io
from typing import Any

import httpx
from PIL import Image

from tests.api.v2.dashboards.made import DASHBOARDS, WIDGETS, board, device, widget

TEXT = {"type": "text", "text": "# Hello"}
NOBODY = "dev_0000000000000"


def options_of_all(sensor: str, command: str) -> list[dict[str, Any]]:
    one, many = {"device_id": sensor}, {"labels": {"floor": "2"}}
    return [
        {"type": "last_value", "source": one, "field": "temperature", "decimals": 1},
        {"type": "gauge", "source": {"variable": "room"}, "field": "temperature", "min": -10, "max": 50},
        {"type": "chart", "series": [{"source": one, "field": "temperature"}, {"source": many, "field": "humidity"}]},
        {"type": "table", "source": {"device_ids": [sensor]}, "fields": ["temperature"], "show": "readings"},
        {"type": "map", "source": many, "field": "temperature"},
        {"type": "status_grid", "source": many},
        {"type": "image", "pins": [{"x": 10, "y": 99.5, "source": one, "field": "temperature"}]},
        TEXT,
        {"type": "command_button", "device_id": sensor, "command_id": command, "parameters": {"on": True}},
    ]


def command(api: httpx.Client, sensor: str) -> str:
    body = {"name": "switch", "device_id": sensor, "parameters": [{"name": "on", "type": "boolean"}]}
    answer = api.post("/api/v2/commands", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_widgets_of_every_type_are_kept_as_sent(api: httpx.Client) -> None:
    path = f"{DASHBOARDS}/{board(api)['id']}"
    sensor = device(api)
    wanted = options_of_all(sensor, command(api, sensor))
    made = [widget(api, path.rpartition("/")[2], options=one, title=one["type"]) for one in wanted]
    assert [one["type"] for one in made] == [one["type"] for one in wanted]
    assert [one["y"] for one in made] == [4 * at for at in range(len(wanted))]
    for sent, stored in zip(wanted, made, strict=True):
        kept = stored["options"]
        assert {name: kept[name] for name in sent if name not in ("source", "series", "pins")}.items() <= sent.items()
        assert api.get(f"{WIDGETS}/{stored['id']}").json() == stored
    assert api.get(f"{path}/widgets").json()["data"] == made
    assert api.get(path).json()["widget_count"] == len(wanted)


def test_wrong_options_are_named(api: httpx.Client) -> None:
    path, sensor = f"{DASHBOARDS}/{board(api)['id']}/widgets", device(api)
    value = {"type": "last_value", "source": {"device_id": sensor}, "field": "t"}
    series = {"source": {"device_id": sensor}, "field": "t"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"type": "clock"}, "options.type"),
        ({"type": "text"}, "options.text"),
        (value | {"source": {}}, "options.source"),
        (value | {"source": {"device_id": sensor, "labels": {"a": "b"}}}, "options.source"),
        (value | {"source": {"device_id": "office"}}, "options.source.device_id"),
        (value | {"color": "red"}, "options.color"),
        (value | {"thresholds": [{"value": 1, "color": "red"}]}, "options.thresholds[0].color"),
        (value | {"type": "gauge", "min": 5, "max": 5}, "options.max"),
        ({"type": "chart", "series": []}, "options.series"),
        ({"type": "chart", "series": [series] * 21}, "options.series"),
        ({"type": "chart", "series": [series], "bucket": "often"}, "options.bucket"),
        ({"type": "chart", "series": [series | {"function": "median"}]}, "options.series[0].function"),
        ({"type": "image", "pins": [{"x": 101, "y": 0, "source": series["source"], "field": "t"}]}, "options.pins[0].x"),
    ]
    for options, field in wrong:
        answer = api.post(path, json={"options": options})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), options
    for more, field in (({"x": 9, "y": 0, "w": 4}, "w"), ({"x": 1}, "y"), ({"x": 12, "y": 0}, "x"), ({"h": 0}, "h")):
        answer = api.post(path, json={"options": TEXT} | more)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), more
    gone = api.post(path, json={"options": value | {"source": {"device_id": NOBODY}}})
    assert (gone.status_code, gone.json()["code"]) == (404, "devices.not_found")
    button = {"type": "command_button", "device_id": sensor, "command_id": "def_0000000000000"}
    assert api.post(path, json={"options": button}).json()["code"] == "commands.not_found"


def test_a_widget_is_changed_moved_copied_and_deleted(api: httpx.Client) -> None:
    dashboard = board(api)["id"]
    first, second = (widget(api, dashboard, options=TEXT, w=6, h=2) for _ in range(2))
    path = f"{WIDGETS}/{first['id']}"
    changed = api.patch(path, json={"title": "Note", "x": 6}).json()
    assert (changed["title"], changed["x"], changed["w"], changed["options"]) == ("Note", 6, 6, first["options"])
    assert api.patch(path, json={"w": 7}).json()["errors"][0]["field"] == "w"
    places = [{"widget_id": one["id"], "x": 0, "y": 10 + at, "w": 12, "h": 1} for at, one in enumerate((first, second))]
    layout = f"{DASHBOARDS}/{dashboard}/layout"
    moved = api.put(layout, json={"widgets": places}).json()["data"]
    assert [(one["y"], one["w"]) for one in moved] == [(10, 12), (11, 12)]
    foreign = widget(api, board(api)["id"], options=TEXT)
    bad = [places[0] | {"y": 0}, places[1] | {"widget_id": foreign["id"]}]
    assert api.put(layout, json={"widgets": bad}).json()["code"] == "dashboards.widget_not_found"
    assert api.put(layout, json={"widgets": [places[0], places[0]]}).json()["errors"][0]["field"] == "widgets[1].widget_id"
    assert api.put(layout, json={"widgets": [places[0] | {"x": 1}]}).json()["errors"][0]["field"] == "widgets[0].w"
    assert api.get(f"{DASHBOARDS}/{dashboard}/widgets").json()["data"] == moved
    copy = api.post(f"{path}/duplicate").json()
    assert (copy["title"], copy["y"], copy["w"]) == ("Note", 12, 12)
    assert api.delete(path).status_code == 204
    for gone in (api.get(path), api.patch(path, json={}), api.delete(path), api.get(f"{path}/data"), api.get(f"{path}/image")):
        assert (gone.status_code, gone.json()["code"]) == (404, "dashboards.widget_not_found")


def test_a_widget_of_a_deleted_device_can_still_be_changed(api: httpx.Client) -> None:
    sensor, dashboard = device(api), board(api)["id"]
    options = {"type": "last_value", "source": {"device_id": sensor}, "field": "t"}
    path = f"{WIDGETS}/{widget(api, dashboard, options=options)['id']}"
    api.delete(f"/api/v2/devices/{sensor}")
    assert api.patch(path, json={"options": options | {"label": "Gone"}}).status_code == 200
    assert api.patch(path, json={"options": options | {"source": {"device_id": NOBODY}}}).status_code == 404


def test_a_dashboard_has_sixty_widgets_at_most(api: httpx.Client) -> None:
    document = {"format": "penstock-dashboard", "version": 1, "name": "Full", "widgets": [{"options": TEXT}] * 60}
    made = api.post(f"{DASHBOARDS}/import", json={"document": document}).json()["dashboard"]
    full = api.post(f"{DASHBOARDS}/{made['id']}/widgets", json={"options": TEXT})
    assert (full.status_code, full.json()["code"]) == (429, "dashboards.limit_reached")
    last = api.get(f"{DASHBOARDS}/{made['id']}/widgets").json()["data"][-1]
    assert api.post(f"{WIDGETS}/{last['id']}/duplicate").status_code == 429


def picture(form: str, size: tuple[int, int] = (8, 6)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form, comment=b"secret place")
    return out.getvalue()


def test_images_are_sent_shown_and_copied(api: httpx.Client) -> None:
    made = widget(api, board(api)["id"], options={"type": "image"})
    path = f"{WIDGETS}/{made['id']}/image"
    assert api.get(path).json()["code"] == "dashboards.image_not_found"
    assert made["image_at"] is None
    for form, media_type in (("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")):
        answer = api.put(path, content=picture(form), headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["image_at"] is not None) == (200, True), answer.text
        got = api.get(path)
        assert (got.headers["content-type"], Image.open(io.BytesIO(got.content)).size) == (media_type, (8, 6))
        assert b"secret place" not in got.content
    assert api.put(path, json={"content": base64.b64encode(picture("PNG")).decode()}).status_code == 200
    copy = api.post(f"{WIDGETS}/{made['id']}/duplicate").json()
    assert api.get(f"{WIDGETS}/{copy['id']}/image").content == api.get(path).content
    large = api.put(path, content=picture("PNG", (6001, 1)), headers={"Content-Type": "image/png"})
    for answer in (api.put(path, json={"content": base64.b64encode(b"<svg/>").decode()}), large):
        assert (answer.status_code, answer.json()["code"]) == (400, "dashboards.image_invalid")
    text = widget(api, board(api)["id"], options=TEXT)
    assert (
        api.put(f"{WIDGETS}/{text['id']}/image", json={"content": base64.b64encode(picture("PNG")).decode()}).status_code == 400
    )
    assert api.delete(path).status_code == 204
    assert (api.get(path).status_code, api.delete(path).status_code) == (404, 404)


def test_a_layout_that_was_changed_meanwhile_is_not_overwritten(api: httpx.Client) -> None:
    dashboard = board(api)["id"]
    made = widget(api, dashboard, options=TEXT)
    layout, place = f"{DASHBOARDS}/{dashboard}/layout", {"widget_id": made["id"], "x": 2, "y": 0, "w": 4, "h": 4}
    read = api.get(layout)
    assert read.json() == {"widgets": [place | {"x": 0}]}
    known = {"If-Match": read.headers["etag"]}
    api.patch(f"{WIDGETS}/{made['id']}", json={"title": "Renamed"}).raise_for_status()
    assert api.put(layout, json={"widgets": [place]}, headers=known).status_code == 200, "a title is not a place"
    assert api.put(layout, json={"widgets": [place | {"x": 5}]}, headers=known).status_code == 412
    assert api.get(layout).json() == {"widgets": [place]}
    assert api.get(f"{DASHBOARDS}/dsb_0000000000000/layout").status_code == 404
