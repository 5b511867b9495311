"""The audit log over HTTP: what is in it, how it is asked, and that an export can be verified by anybody."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx

from tests.api.v2.keys.test_routes import make
from tests.support.server import Org, RunningServer


def rows(api: httpx.Client, **query: str) -> list[dict[str, Any]]:
    answer = api.get("/api/v2/logs", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def exported(api: httpx.Client, **query: str) -> list[dict[str, Any]]:
    answer = api.get("/api/v2/logs/export", params=query)
    assert answer.headers["content-type"] == "application/x-ndjson"
    # Not `splitlines`: names contain characters that end a line for Python, but not in NDJSON.
    return [json.loads(line) for line in answer.text.split("\n") if line]


def hash_of(row: dict[str, Any]) -> str:
    """The rule as the guide says it, written down a second time."""
    bare = {name: value for name, value in row.items() if name not in ("prev_hash", "hash")}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((row["prev_hash"] + text).encode()).hexdigest()


def test_a_key_s_life_is_in_the_log_without_its_value(api: httpx.Client) -> None:
    made = make(api, name="audited", scopes=["devices:read"])
    path = f"/api/v2/keys/{made['key']['id']}"
    api.patch(path, json={"name": "audited still"})
    new = api.post(f"{path}/rotate", json={"overlap_s": 60}).json()
    api.post(f"{path}/revoke")
    api.post(f"{path}/revoke")
    found = rows(api, target=made["key"]["id"])
    assert [row["action"] for row in found] == ["apikey.revoke", "apikey.rotate", "apikey.update", "apikey.create"]
    assert found[-1]["details"]["after"]["scopes"] == ["devices:read"]
    assert found[2]["details"] == {"before": {"name": "audited"}, "after": {"name": "audited still"}}
    assert found[1]["details"] == {"replaced_by": new["key"]["id"], "overlap_s": 60, "root": "operator"}
    assert {row["ip"] for row in found} == {"127.0.0.1"}
    assert {row["actor_kind"] for row in found} == {"key"}
    text = api.get("/api/v2/logs/export").text
    assert made["value"] not in text
    assert new["value"] not in text


def test_a_device_s_life_is_in_the_log_without_its_token(api: httpx.Client) -> None:
    made = api.post("/api/v2/devices", json={"name": "pump", "settings": {"pin": "s3cret-pin"}}).json()
    device_id, tokens = made["device"]["id"], [made["access_token"]]
    path = f"/api/v2/devices/{device_id}"
    api.patch(path, json={"name": "pump 2", "labels": {"site": "north"}, "settings": {"pin": "s3cret-too"}})
    api.post(f"{path}/pause")
    api.post(f"{path}/pause")
    api.post(f"{path}/resume")
    tokens.append(api.post(f"{path}/token").json()["access_token"])
    api.post(f"{path}/sensors", json={"key": "flow", "unit": "l/s"})
    api.patch(f"{path}/sensors/flow", json={"unit": "m3/h"})
    api.delete(f"{path}/sensors/flow")
    api.delete(path)
    found = rows(api, target=device_id)
    assert [row["action"] for row in reversed(found)] == [
        *("device.create", "device.update", "device.pause", "device.resume", "device.token.regenerate"),
        *("sensor.create", "sensor.update", "sensor.delete", "device.delete"),
    ]
    changed = found[-2]["details"]
    assert (changed["before"]["name"], changed["after"]["name"]) == ("pump", "pump 2")
    assert (changed["before"]["labels"], changed["after"]["labels"]) == ({}, {"site": "north"})
    assert changed["after"]["settings"] == ["pin"]
    assert (found[2]["details"]["before"]["unit"], found[2]["details"]["after"]["unit"]) == ("l/s", "m3/h")
    text = api.get("/api/v2/logs/export").text
    assert not [secret for secret in (*tokens, "s3cret") if secret in text]


def test_an_export_verifies_by_the_description_alone(api: httpx.Client) -> None:
    for _ in range(5):
        make(api)
    found = exported(api)
    assert [row["seq"] for row in found] == list(range(1, len(found) + 1))
    previous = "0" * 64
    for row in found:
        assert row["prev_hash"] == previous
        previous = hash_of(row)
        assert row["hash"] == previous
    head = api.get("/api/v2/logs/head").json()
    assert head["seq"] >= found[-1]["seq"]
    if head["seq"] == found[-1]["seq"]:
        assert head["hash"] == previous


def test_every_filter_shows_only_own_entries(api: httpx.Client, other_api: httpx.Client, acme: Org) -> None:
    mine, theirs = make(api, name="same name")["key"], make(other_api, name="same name")["key"]
    theirs_ids = {row["target_id"] for row in rows(other_api, limit="1000")}
    assert theirs["id"] in theirs_ids
    actor = rows(api, target=mine["id"])[0]["user"]
    queries: list[dict[str, str]] = [
        {},
        {"action": "apikey.create"},
        {"action": "apikey.*"},
        {"actor": actor},
        {"target": "key:same name"},
        {"outcome": "success"},
        {"from": "2020-01-01T00:00:00Z", "to": "2090-01-01T00:00:00Z"},
    ]
    for query in queries:
        found = rows(api, **query, limit="1000")
        assert mine["id"] in {row["target_id"] for row in found}, query
        assert not theirs_ids & {row["target_id"] for row in found}, query
        assert [row["seq"] for row in found] == sorted((row["seq"] for row in found), reverse=True)
    assert rows(api, target=theirs["id"]) == []
    assert rows(api, outcome="failure") == []
    assert rows(api, to="2020-01-01T00:00:00Z") == []


def test_pages_and_malformed_queries(api: httpx.Client) -> None:
    for _ in range(4):
        make(api)
    found: list[int] = []
    cursor: str | None = None
    for _ in range(3):
        page = api.get("/api/v2/logs", params={"limit": "2"} | ({"cursor": cursor} if cursor else {})).json()
        found += [row["seq"] for row in page["data"]]
        cursor = page["next_cursor"]
    assert found == list(range(found[0], found[0] - 6, -1))
    for query in ({"action": "x y"}, {"from": "yesterday"}, {"limit": "0"}, {"cursor": "!"}, {"outcome": "maybe"}):
        assert api.get("/api/v2/logs", params=query).status_code == 400


def test_the_common_head_is_public_and_moves(server: RunningServer, api: httpx.Client) -> None:
    before = httpx.get(f"{server.base_url}/.well-known/audit-head").json()
    make(api)
    after = httpx.get(f"{server.base_url}/.well-known/audit-head").json()
    assert after["seq"] > before["seq"]
    assert after["hash"] != before["hash"]
