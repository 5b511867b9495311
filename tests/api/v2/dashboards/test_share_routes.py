"""Share links over the native API: what visitors see, and when a link stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api.v2.dashboards.made import DASHBOARDS, SHARED, WIDGETS, board, device, report, widget
from tests.api.v2.dashboards.test_widget_routes import picture
from tests.support.forgery import one_character_off
from tests.support.server import Org, RunningServer

GONE = {"code": "dashboards.shared_not_found", "detail": "this link does not exist or no longer works"}


def later(days: float = 7) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat().replace("+00:00", "Z")


def share(api: httpx.Client, dashboard_id: str, **fields: Any) -> dict[str, Any]:
    answer = api.post(f"{DASHBOARDS}/{dashboard_id}/shares", json={"expires_in_s": 3600} | fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def visitor(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


def gone(answer: httpx.Response) -> bool:
    document = answer.json()
    return answer.status_code == 404 and {name: document[name] for name in GONE} == GONE


def test_a_visitor_sees_the_dashboard_and_no_ids_of_devices(
    api: httpx.Client, visitor: httpx.Client, server: RunningServer
) -> None:
    shown, hidden = device(api, name="Shown"), device(api, name="Hidden")
    for one, value in ((shown, 1), (hidden, 2)):
        report(api, one, {"data": {"temperature": value}})
    made = board(api, variables=[{"name": "room", "kind": "device", "default": hidden}])["id"]
    gauge = widget(api, made, options={"type": "gauge", "source": {"variable": "room"}, "field": "temperature"})["id"]
    plan = widget(api, made, options={"type": "image"})["id"]
    api.put(f"{WIDGETS}/{plan}/image", content=picture("PNG"), headers={"Content-Type": "image/png"})
    body = {"name": "switch", "device_id": shown, "parameters": []}
    button = {"type": "command_button", "device_id": shown, "command_id": api.post("/api/v2/commands", json=body).json()["id"]}
    pressed = widget(api, made, options=button)["id"]
    link = share(api, made, name="Lobby", variables={"room": shown}, allow_embed=["https://example.org"])
    token = link["token"]
    assert (token[:4], link["url"]) == ("dsh_", f"/console/shared/{token}")
    opened = visitor.get(f"{SHARED}/{token}")
    assert opened.status_code == 200, opened.text
    found = opened.json()
    assert [one["type"] for one in found["widgets"]] == ["gauge", "image"]
    assert (found["name"], found["allow_embed"], found["widgets"][0]["options"]["max"]) == (
        "Climate",
        ["https://example.org"],
        100,
    )
    data = visitor.get(f"{SHARED}/{token}/widgets/{gauge}/data", params={"range": "1h"})
    value = data.json()["values"][0]
    assert (value["value"], value["device_id"], value["device_name"]) == (1, None, "Shown")
    together = visitor.get(f"{SHARED}/{token}/data", params={"range": "1h", "widget_ids": gauge})
    assert together.json()["widgets"][0]["data"]["values"][0]["value"] == value["value"]
    assert "dev_" not in opened.text + data.text + together.text
    assert visitor.get(f"{SHARED}/{token}/widgets/{plan}/image").headers["content-type"] == "image/png"
    refused = visitor.get(f"{SHARED}/{token}/widgets/{gauge}/data", params={"variables": "{}"})
    assert refused.json()["errors"][0]["field"] == "variables"
    other = widget(api, board(api)["id"], options={"type": "text", "text": "x"})["id"]
    for widget_id in (other, pressed, "wid_0", "wid_0000000000000"):
        assert gone(visitor.get(f"{SHARED}/{token}/widgets/{widget_id}/data"))
    (listed,) = api.get(f"{DASHBOARDS}/{made}/shares").json()["data"]
    assert (listed["uses"], listed["token_prefix"], listed["name"]) == (1, token[:8], "Lobby")
    assert listed["last_used_at"] is not None
    assert token not in server.log() + api.get("/api/v2/audit", params={"limit": "50"}).text
    assert b"dsh_" + token[4:].encode() not in (server.data_dir / "penstock.db").read_bytes()


def test_a_link_stops_when_it_is_revoked_or_its_dashboard_deleted(api: httpx.Client, visitor: httpx.Client) -> None:
    made = board(api)["id"]
    first, second = share(api, made), share(api, made)
    assert visitor.get(f"{SHARED}/{first['token']}").status_code == 200
    assert api.delete(f"/api/v2/dashboard-shares/{first['share']['id']}").status_code == 204
    again = api.delete(f"/api/v2/dashboard-shares/{first['share']['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "dashboards.share_not_found")
    assert gone(visitor.get(f"{SHARED}/{first['token']}"))
    assert visitor.get(f"{SHARED}/{second['token']}").status_code == 200
    api.delete(f"{DASHBOARDS}/{made}")
    assert gone(visitor.get(f"{SHARED}/{second['token']}"))
    for unknown in ("dsh_", one_character_off(first["token"]), first["token"][:-1], "dsh_" + "0" * 36):
        assert gone(visitor.get(f"{SHARED}/{unknown}"))


def test_a_link_ends_with_its_creator(api: httpx.Client, visitor: httpx.Client) -> None:
    sensor, made = device(api), board(api)["id"]
    shown = widget(api, made, options={"type": "last_value", "source": {"device_id": sensor}, "field": "t"})["id"]
    key = api.post("/api/v2/keys", json={"name": "maker", "scopes": ["dashboards:read", "dashboards:write"]}).json()
    own = {"X-API-Key": key["value"]}
    token = api.post(f"{DASHBOARDS}/{made}/shares", json={"expires_at": later()}, headers=own).json()["token"]
    assert visitor.get(f"{SHARED}/{token}").status_code == 200
    assert gone(visitor.get(f"{SHARED}/{token}/widgets/{shown}/data")), "its creator cannot read values"
    assert api.post(f"/api/v2/keys/{key['key']['id']}/revoke").is_success
    assert gone(visitor.get(f"{SHARED}/{token}"))


def test_a_link_of_a_key_works_where_the_key_does(api: httpx.Client, server: RunningServer) -> None:
    wanted = {"name": "here", "scopes": ["dashboards:read", "dashboards:write"], "allowed_cidrs": ["127.0.0.1/32"]}
    own = {"X-API-Key": api.post("/api/v2/keys", json=wanted).json()["value"]}
    made = api.post(f"{DASHBOARDS}/{board(api)['id']}/shares", json={"expires_at": later()}, headers=own)
    for address, status in ("127.0.0.1", 200), ("127.0.0.2", 404):
        with httpx.Client(base_url=server.base_url, transport=httpx.HTTPTransport(local_address=address)) as visitor:
            assert visitor.get(f"{SHARED}/{made.json()['token']}").status_code == status, address


def test_wrong_fields_are_named(api: httpx.Client, acme: Org) -> None:
    path = f"{DASHBOARDS}/{board(api)['id']}/shares"
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "expires_at"),
        ({"expires_at": later(-1)}, "expires_at"),
        ({"expires_at": later(370)}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"expires_at": later(), "expires_in_s": 60}, "expires_at"),
        ({"expires_in_s": 31_536_001}, "expires_in_s"),
        ({"expires_at": later(), "allow_embed": ["example.org/x"]}, "allow_embed[0]"),
        ({"expires_at": later(), "allow_embed": ["https://a.example; script-src *"]}, "allow_embed[0]"),
        ({"expires_at": later(), "variables": {"room": "x"}}, "variables"),
    ]
    for body, field in wrong:
        answer = api.post(path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), body
