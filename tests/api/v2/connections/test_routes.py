"""Connections over the native API."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Any

import httpx
import pytest

from tests.support.server import Org

PATH = "/api/v2/connections"
PASSWORD = "Broker-Password-8831"
BROKER: dict[str, Any] = {
    "host": "broker.example.org",
    "tls": True,
    "username": "penstock",
    "password": PASSWORD,
    "subscriptions": [{"topic": "plant/{{deviceId}}/{{key}}"}, {"topic": "application/+/device/+/event/+", "payload": "lorawan"}],
}
TTS = {
    "url": "https://eu1.cloud.thethings.network",
    "application_id": "riverside-hoa",
    "webhook_id": "penstock",
    "api_key": "NNSXS.K",
}


def created(api: httpx.Client, kind: str = "chirpstack", name: str = "Meters", **fields: Any) -> dict[str, Any]:
    """A new connection with its secret."""
    answer = api.post(PATH, json={"type": kind, "name": name} | fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and the field at fault."""
    return answer.status_code, answer.json()["errors"][0]["field"]


def test_a_connection_is_shown_changed_and_removed(api: httpx.Client) -> None:
    made = created(api, settings={"downlink": {"by": "api", "url": "https://lns.example.org", "token": "key-of-chirpstack"}})
    connection, path = made["connection"], f"{PATH}/{made['connection']['id']}"
    assert made["secret"].startswith(connection["secret_prefix"])
    assert connection["settings"] == {"downlink": {"by": "api", "url": "https://lns.example.org", "token_set": True}}
    assert (connection["status"], connection["messages"], connection["errors"]) == ("active", 0, 0)
    assert connection["ingest_path"] == f"/api/v2/ingest/{connection['id']}"
    assert api.get(path).json() == connection
    changed = api.patch(path, json={"name": "Water", "settings": {"downlink": None}}).json()
    assert (changed["name"], changed["settings"]) == ("Water", {"downlink": None})
    assert api.get(path).json() == changed
    assert api.delete(path).status_code == 204
    for answer in (api.get(path), api.patch(path, json={"name": "x"}), api.post(f"{path}/pause"), api.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (404, "connections.not_found")


def test_each_type_has_settings_of_its_own(api: httpx.Client) -> None:
    broker = created(api, "mqtt", settings=BROKER)["connection"]
    assert broker["ingest_path"] is None
    assert broker["settings"]["password_set"] is True
    assert broker["settings"]["client_key_set"] is False
    assert broker["settings"]["subscriptions"][0] == {
        "topic": "plant/{{deviceId}}/{{key}}",
        "qos": 1,
        "payload": "auto",
        "device_id_path": None,
        "time_path": None,
        "online_values": [],
        "offline_values": [],
    }
    by_topic = {"by": "mqtt", "connection_id": broker["id"]}
    assert created(api, "chirpstack", settings={"downlink": by_topic})["connection"]["settings"]["downlink"] == by_topic | {
        "topic": "application/{{applicationId}}/device/{{deviceId}}/command/down"
    }
    shown = created(api, "things_stack", settings={"downlink": TTS})["connection"]["settings"]["downlink"]
    assert shown == {name: value for name, value in TTS.items() if name != "api_key"} | {"api_key_set": True}
    assert created(api, "lorawan_http")["connection"]["settings"] == {}
    assert created(api, "custom")["connection"]["settings"] == {}
    types = [one["type"] for one in api.get("/api/v2/connectors").json()["data"]]
    assert types == ["chirpstack", "things_stack", "lorawan_http", "custom", "mqtt"]


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        ("mqtt", {}, "settings.host"),
        ("mqtt", BROKER | {"host": "mqtt://broker"}, "settings.host"),
        ("mqtt", BROKER | {"port": 0}, "settings.port"),
        ("mqtt", BROKER | {"subscriptions": []}, "settings.subscriptions"),
        ("mqtt", BROKER | {"subscriptions": [{"topic": "a/b"}]}, "settings.subscriptions[0].topic"),
        ("mqtt", BROKER | {"subscriptions": [{"topic": "a/{{deviceId}}x"}]}, "settings.subscriptions[0].topic"),
        ("mqtt", BROKER | {"subscriptions": [{"topic": "{{deviceId}}/{{deviceId}}"}]}, "settings.subscriptions[0].topic"),
        ("mqtt", BROKER | {"subscriptions": [{"topic": "{{deviceId}}/{{name}}"}]}, "settings.subscriptions[0].topic"),
        ("mqtt", BROKER | {"subscriptions": [{"topic": "{{deviceId}}/#/a"}]}, "settings.subscriptions[0].topic"),
        ("mqtt", BROKER | {"subscriptions": [{"topic": "{{deviceId}}/a+"}]}, "settings.subscriptions[0].topic"),
        ("mqtt", BROKER | {"subscriptions": [{"topic": "{{deviceId}}", "qos": 3}]}, "settings.subscriptions[0].qos"),
        ("mqtt", BROKER | {"client_key": "-----"}, "settings.client_certificate"),
        ("mqtt", BROKER | {"command_topic": "plant/+/{{deviceId}}"}, "settings.command_topic"),
        ("mqtt", BROKER | {"command_topic": "plant/down"}, "settings.command_topic"),
        ("mqtt", BROKER | {"nonsense": 1}, "settings.nonsense"),
        ("chirpstack", {"downlink": {"by": "api", "url": "ftp://lns"}}, "settings.downlink.url"),
        ("chirpstack", {"downlink": {"by": "api", "url": "https://a:b@lns"}}, "settings.downlink.url"),
        ("chirpstack", {"downlink": {"by": "api", "url": "https://lns:99999999"}}, "settings.downlink.url"),
        ("chirpstack", {"downlink": {"by": "api", "url": "https://[bad"}}, "settings.downlink.url"),
        ("chirpstack", {"downlink": {"by": "mqtt", "connection_id": "con_0c2k9fq7w3n9s"}}, "settings.downlink.connection_id"),
        ("chirpstack", {"downlink": {"by": "smoke"}}, "settings.downlink.by"),
        ("things_stack", {"downlink": TTS | {"application_id": "a/../b"}}, "settings.downlink.application_id"),
        ("things_stack", {"downlink": {"url": "https://tts"}}, "settings.downlink.application_id"),
        ("lorawan_http", {"downlink": None}, "settings.downlink"),
    ],
)
def test_a_setting_at_fault_is_named(api: httpx.Client, kind: str, settings: dict[str, Any], field: str) -> None:
    assert refused(api.post(PATH, json={"type": kind, "name": "x", "settings": settings})) == (400, field)


def test_another_organisation_s_broker_is_none(api: httpx.Client, other_api: httpx.Client) -> None:
    theirs = created(other_api, "mqtt", settings=BROKER)["connection"]["id"]
    settings = {"downlink": {"by": "mqtt", "connection_id": theirs}}
    assert refused(api.post(PATH, json={"type": "chirpstack", "name": "x", "settings": settings})) == (
        400,
        "settings.downlink.connection_id",
    )


def test_a_patch_leaves_what_it_lacks(api: httpx.Client) -> None:
    path = f"{PATH}/{created(api, 'mqtt', settings=BROKER)['connection']['id']}"
    changed = api.patch(path, json={"settings": {"keep_alive_s": 30}}).json()["settings"]
    assert (changed["keep_alive_s"], changed["username"], changed["password_set"]) == (30, "penstock", True)
    cleared = api.patch(path, json={"settings": {"username": None, "password": None}}).json()["settings"]
    assert (cleared["username"], cleared["password_set"], cleared["keep_alive_s"]) == (None, False, 30)
    assert refused(api.patch(path, json={"settings": {"host": None}})) == (400, "settings.host")
    assert refused(api.patch(path, json={"settings": {"port": "x"}})) == (400, "settings.port")
    assert api.get(path).json()["settings"] == cleared


def test_a_secret_does_not_follow_to_another_address(api: httpx.Client) -> None:
    path = f"{PATH}/{created(api, 'mqtt', settings=BROKER)['connection']['id']}"
    for change in ({"host": "evil.example.org"}, {"port": 1}, {"tls": False}):
        assert refused(api.patch(path, json={"settings": change})) == (400, "settings.password")
    assert api.patch(path, json={"settings": {"host": "other.example.org", "password": "another"}}).status_code == 200
    path = f"{PATH}/{created(api, 'things_stack', settings={'downlink': TTS})['connection']['id']}"
    elsewhere = {"downlink": {"url": "https://evil.example.org"}}
    assert refused(api.patch(path, json={"settings": elsewhere})) == (400, "settings.downlink.api_key")


def test_secrets_are_neither_shown_nor_stored_in_the_open(api: httpx.Client, acme: Org) -> None:
    password = f"Broker-{secrets.token_hex(8)}"
    made = created(api, "mqtt", settings=BROKER | {"password": password})
    path = f"{PATH}/{made['connection']['id']}"
    changed = f"Changed-{secrets.token_hex(8)}"
    api.patch(path, json={"settings": {"password": changed}})
    shown = api.get(path).text + api.get(PATH).text + api.get("/api/v2/logs", params={"action": "connection.*"}).text
    database = acme.data_dir / "penstock.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        stored = "\n".join(connection.iterdump())
    for secret in (password, changed, made["secret"]):
        assert secret not in shown
        assert secret not in stored


def test_connections_are_found_by_filter_and_page(api: httpx.Client, acme: Org) -> None:
    mark = secrets.token_hex(6)
    made = [created(api, kind, f"{mark} {kind}")["connection"]["id"] for kind in ("chirpstack", "custom", "custom")]
    in_project = created(api, "custom", f"{mark} 100%", project_id=acme.project_id)["connection"]
    assert in_project["project_id"] == acme.project_id
    api.post(f"{PATH}/{made[1]}/pause")

    def found(**query: str) -> list[str]:
        return [one["id"] for one in api.get(PATH, params={"q": mark} | query).json()["data"]]

    newest = [in_project["id"], *reversed(made)]
    assert found() == newest
    assert found(type="chirpstack") == [made[0]]
    assert found(status="paused") == [made[1]]
    assert found(project_id=acme.project_id) == [in_project["id"]]
    assert found(q=f"{mark} 100%") == [in_project["id"]]
    first = api.get(PATH, params={"q": mark, "limit": "3"}).json()
    rest = api.get(PATH, params={"q": mark, "limit": "3", "cursor": first["next_cursor"]}).json()
    assert [one["id"] for page in (first, rest) for one in page["data"]] == newest
    assert rest["next_cursor"] is None


def test_what_was_done_is_in_the_audit_log(api: httpx.Client) -> None:
    connection = created(api, name="Audited")["connection"]
    path = f"{PATH}/{connection['id']}"
    api.patch(path, json={"name": "Renamed"})
    api.post(f"{path}/pause")
    api.post(f"{path}/pause")
    api.post(f"{path}/resume")
    api.post(f"{path}/secret", json={})
    api.delete(path)
    entries = api.get("/api/v2/logs", params={"target": connection["id"], "limit": "50"}).json()["data"]
    assert [entry["action"] for entry in entries] == [
        "connection.delete",
        "connection.rotate_secret",
        "connection.resume",
        "connection.pause",
        "connection.update",
        "connection.create",
    ]
    assert entries[4]["details"] == {"before": {"name": "Audited"}, "after": {"name": "Renamed"}}


def test_an_unknown_project_is_refused(api: httpx.Client) -> None:
    answer = api.post(PATH, json={"type": "custom", "name": "x", "project_id": "prj_0c2k9fq7w3b7h"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("kind", "without", "passing"),
    [
        ("mqtt", BROKER, BROKER | {"command_topic": "plant/{{deviceId}}/do"}),
        ("chirpstack", {}, {"downlink": {"by": "api", "url": "https://lns.example.org", "token": "k"}}),
        ("chirpstack", {}, {"downlink": {"by": "rest", "url": "https://lns.example.org", "token": "k"}}),
        ("things_stack", {}, {"downlink": TTS}),
    ],
)
def test_a_connection_is_no_way_around_the_scope_of_commands(
    api: httpx.Client, kind: str, without: dict[str, Any], passing: dict[str, Any]
) -> None:
    made = api.post("/api/v2/keys", json={"name": "x", "scopes": ["connections:read", "connections:write"]}).json()
    strong = created(api, kind, settings=passing)["connection"]["id"]
    plain = created(api, kind, settings=without)["connection"]["id"]
    headers = dict(api.headers) | {"x-api-key": made["value"]}
    with httpx.Client(base_url=api.base_url, headers=headers) as weak:
        calls = [
            weak.post(PATH, json={"type": kind, "name": "mine", "settings": passing}),
            weak.patch(f"{PATH}/{plain}", json={"settings": passing}),
            weak.patch(f"{PATH}/{strong}", json={"settings": {"host": "mine.example.org"} if kind == "mqtt" else passing}),
        ]
        assert [(one.status_code, one.json()["detail"]) for one in calls] == [(403, "the scope commands:read is required")] * 3
        assert weak.post(PATH, json={"type": kind, "name": "mine", "settings": without}).status_code == 201
        assert weak.patch(f"{PATH}/{strong}", json={"name": "renamed"}).status_code == 200
