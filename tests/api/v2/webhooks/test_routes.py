"""Webhook endpoints over the native API."""

from __future__ import annotations

import concurrent.futures
from typing import Any

import httpx
import pytest

from tests.api.v2.webhooks.hook import HOOK, PATH
from tests.support.server import Org, RunningServer


def test_the_secret_is_shown_once_and_headers_never(api: httpx.Client) -> None:
    made = api.post(PATH, json=HOOK | {"headers": {"Authorization": "Bearer s3cret-of-theirs"}})
    secret, webhook = made.json()["secret"], made.json()["webhook"]
    assert secret.startswith("whsec_")
    assert webhook["headers"] == ["Authorization"]
    for answer in (api.get(f"{PATH}/{webhook['id']}"), api.get(PATH, params={"limit": 1000}), api.get("/api/v2/logs")):
        assert secret not in answer.text
        assert "s3cret" not in answer.text
    assert "s3cret" not in made.text


def test_a_change_leaves_what_is_left_out_and_null_clears(api: httpx.Client, webhook: dict[str, Any]) -> None:
    path = f"{PATH}/{webhook['id']}"
    api.patch(path, json={"topics": ["device.online"]}).raise_for_status()
    changes = {"filters": {"labels": {"site": "north"}}, "batch": {"readings": 10}, "ordered": True}
    changed = api.patch(path, json=changes).json()
    assert changed["filters"]["labels"] == {"site": "north"}
    assert (changed["batch"], changed["ordered"]) == ({"readings": 10, "wait_s": 5}, True)
    assert (changed["name"], changed["headers"], changed["topics"]) == ("Mine", ["Authorization"], ["device.online"])
    changes = {"topics": ["device.offline"], "filters": {"labels": {"site": "north"}}, "batch": {"readings": 10}, "ordered": True}
    changed = api.patch(path, json=changes).json()
    assert changed["filters"]["labels"] == {"site": "north"}
    assert (changed["batch"], changed["ordered"]) == ({"readings": 10, "wait_s": 5}, True)
    assert (changed["name"], changed["headers"], changed["topics"]) == ("Mine", ["Authorization"], ["device.offline"])
    cleared = api.patch(path, json={"filters": None, "batch": None, "headers": None}).json()
    assert (cleared["filters"]["labels"], cleared["batch"], cleared["headers"]) == ({}, None, [])
    assert (cleared["ordered"], cleared["name"]) == (True, "Mine")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "http://example.org/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://2130706433/"}, "url"),
        ({"topics": []}, "topics"),
        ({"topics": ["reading.*", "no.such"]}, "topics[1]"),
        ({"topics": ["read.*"]}, "topics[0]"),
        ({"headers": {"Host": "x"}}, "headers.Host"),
        ({"headers": {"Webhook-Signature": "x"}}, "headers.Webhook-Signature"),
        ({"filters": {"condition": "event.data +"}}, "filters.condition"),
        ({"filters": {"condition": "secrets.all"}}, "filters.condition"),
        ({"filters": {"device_ids": ["nonsense"]}}, "filters.device_ids[0]"),
        ({"secret": "short"}, "secret"),
        ({"payload_only": True}, "payload_only"),
        ({"format": "nonsense"}, "format"),
        ({"org_id": "org_1"}, "org_id"),
        ({"disabled_reason": "x"}, "disabled_reason"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api: httpx.Client, wrong: dict[str, Any], field: str) -> None:
    answer = api.post(PATH, json=HOOK | wrong)
    assert answer.status_code == 400, answer.text
    assert field in [one["field"] for one in answer.json()["errors"]], answer.text


def test_enable_and_disable_and_the_audit_log(api: httpx.Client, webhook: dict[str, Any]) -> None:
    path = f"{PATH}/{webhook['id']}"
    assert api.post(f"{path}/disable").json()["disabled_reason"] == "by_hand"
    refused = api.post(f"{path}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhooks.endpoint_disabled")
    assert api.post(f"{path}/enable").json()["enabled"] is True
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    rows = api.get("/api/v2/logs", params={"target": f"webhook:{webhook['id']}"}).json()["data"]
    done = [row["action"] for row in rows]
    assert done == ["webhook.delete", "webhook.enable", "webhook.disable", "webhook.create"]


def test_a_rotation_answers_another_secret(api: httpx.Client, webhook: dict[str, Any]) -> None:
    first = api.post(f"{PATH}/{webhook['id']}/rotate-secret", json={}).json()
    second = api.post(f"{PATH}/{webhook['id']}/rotate-secret", json={"overlap_s": 0}).json()
    assert first["secret"] != second["secret"]
    assert first["webhook"]["previous_secret_until"] is not None
    assert second["webhook"]["previous_secret_until"] is None


def test_the_catalogue_says_what_is_sent(api: httpx.Client) -> None:
    topics = {one["name"]: one["sent"] for one in api.get("/api/v2/webhook-topics").json()["data"]}
    assert topics["device.offline"] is True
    assert topics["sms.inbound"] is True
    assert topics["token.permission.changed"] is True


def test_of_two_changes_at_the_same_time_both_are_kept(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    made = api.post(PATH, json=HOOK | {"topics": ["reading.*"], "enabled": False})
    path = f"{PATH}/{made.json()['webhook']['id']}"

    def change(body: dict[str, object]) -> int:
        with server.client(acme) as client:
            return client.patch(path, json=body).status_code

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for turn in range(2, 12):
            ordered, batch = turn % 2 == 0, {"readings": turn, "wait_s": 5}
            assert list(pool.map(change, [{"ordered": ordered}, {"batch": batch}])) == [200, 200]
            found = api.get(path).json()
            assert (found["ordered"], found["batch"]) == (ordered, batch)
