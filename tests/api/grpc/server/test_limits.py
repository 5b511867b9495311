"""Calls of gRPC count against the limits, in the usage and in the audit log as those of HTTP do."""

from __future__ import annotations

from typing import Any

import grpc

from tests.support.waiting import awaited

from .conftest import Feed, Site
from .test_deadlines import batch, outcome

Code = grpc.StatusCode
OF_ONE_CALL = {"id", "ts", "target_id", "request_id", "prev_hash", "hash", "ip", "user_agent", "seq"}
"""What differs between two rows about the same."""


def check_exhausted(reply: Any) -> None:
    assert (reply.code, reply.reason) == (Code.RESOURCE_EXHAUSTED, "limits.exceeded"), reply
    assert reply.retry_s is not None
    assert reply.retry_s > 0
    assert reply.told("retry-after") == [str(reply.retry_s)]
    assert reply.told("x-ratelimit-limit") == ["3"]
    assert reply.told("x-ratelimit-remaining") == ["0"]


def test_above_its_limit_a_key_is_told_when_to_come_back(site: Site) -> None:
    _, key = site.new_key("devices:read", "telemetry:read", calls_per_minute=3)
    headers = site.headers(key)
    replies = [site.calls.call("ListDevices", {}, headers=headers) for _ in range(3)]
    assert [reply.ok for reply in replies] == [True] * 3
    assert [reply.told("x-ratelimit-remaining") for reply in replies] == [["2"], ["1"], ["0"]]
    for name in ("ListDevices", "ReadHistory", "Follow", "ExportReadings"):
        sent = {} if name in ("ListDevices", "Follow") else {"device_id": site.device_id}
        check_exhausted(site.calls.call(name, sent, headers=headers))
    assert site.api.get("/api/v2/devices", headers=headers).status_code == 429
    site.check_at_rest()


def test_calls_of_both_protocols_share_a_limit(site: Site) -> None:
    _, key = site.new_key("devices:read", calls_per_minute=3)
    headers = site.headers(key)
    for _ in range(3):
        assert site.api.get("/api/v2/devices", headers=headers).status_code == 200
    check_exhausted(site.calls.call("ListDevices", {}, headers=headers))


def test_batches_of_a_stream_are_limited_one_by_one(site: Site, feed: Feed) -> None:
    _, key = site.new_key("telemetry:write", calls_per_minute=3)
    call = site.calls.open("StreamReadings", feed, headers=site.headers(key))
    for n in range(5):
        feed.put(batch(site, f"b{n}"))
    feed.put(None)
    found = [outcome(content) for content in call]
    assert [one.batch_id for one in found] == [f"b{n}" for n in range(5)]
    assert found[0].outcome.accepted == 1
    failures = [one.failure for one in found if one.failure.code]
    assert {one.code for one in failures} == {"limits.exceeded"}
    assert len(failures) == 3, "the stream is a call, and so is each of its batches"
    assert all(one.retry_after_s > 0 for one in failures)
    site.check_at_rest()


def rows_about(site: Site, target_id: str) -> list[dict[str, Any]]:
    found = site.api.get("/api/v2/logs", params={"target": target_id}).raise_for_status().json()["data"]
    return [{name: value for name, value in row.items() if name not in OF_ONE_CALL} for row in found]


def test_the_audit_log_has_what_it_has_of_http(site: Site) -> None:
    by_http = site.api.post("/api/v2/devices", json={"name": "valve"}).raise_for_status().json()["device"]["id"]
    site.api.patch(f"/api/v2/devices/{by_http}", json={"name": "valve 2"}).raise_for_status()
    site.api.delete(f"/api/v2/devices/{by_http}").raise_for_status()
    made = site.calls.call("CreateDevice", {"name": "valve"})
    by_message = made.message.created_device.device.id
    changed = site.calls.call("UpdateDevice", {"device_id": by_message, "name": "valve 2", "update_mask": {"paths": ["name"]}})
    assert changed.ok, changed
    assert site.calls.call("DeleteDevice", {"device_id": by_message}).ok
    wanted = [text.replace(by_http, "<id>") for text in map(str, rows_about(site, by_http))]
    assert [text.replace(by_message, "<id>") for text in map(str, rows_about(site, by_message))] == wanted
    assert len(wanted) == 3
    (created,) = site.api.get("/api/v2/logs", params={"target": by_message, "action": "device.create"}).json()["data"]
    assert created["ip"] == "127.0.0.1"
    assert created.get("request_id", made.told("x-request-id")[0]) == made.told("x-request-id")[0]


def test_refused_calls_are_in_no_audit_log(site: Site) -> None:
    before = site.api.get("/api/v2/logs", params={"limit": "1000"}).json()["data"]
    _, key = site.new_key("devices:read")
    assert site.calls.call("CreateDevice", {"name": "no"}, headers=site.headers(key)).code is Code.PERMISSION_DENIED
    assert site.calls.call("CreateDevice", {"name": ""}).code is Code.INVALID_ARGUMENT
    after = site.api.get("/api/v2/logs", params={"limit": "1000"}).json()["data"]
    # That a key was used for the first time is recorded a little later.
    recorded = [row["action"] for row in after[: len(after) - len(before)] if row["action"] != "apikey.use"]
    assert recorded == ["apikey.create"]


def usage_of(site: Site, key_id: str, calls: int) -> dict[str, Any]:
    """What was counted of a key, once its calls are."""

    def look() -> dict[str, Any] | None:
        rows = site.api.get(f"/api/v2/keys/{key_id}/usage").raise_for_status().json()["data"]
        return rows[0] if rows and rows[0]["calls"] >= calls else None

    return awaited(look, what="the usage of a key")


def test_usage_counts_as_for_http(site: Site, feed: Feed) -> None:
    one_id, one = site.new_key("devices:read", "telemetry:write")
    two_id, two = site.new_key("devices:read", "telemetry:write")
    row = {"device_id": site.device_id, "data": {"n": 1.5}}
    for _ in range(3):
        site.api.get("/api/v2/devices", headers=site.headers(one)).raise_for_status()
        site.api.post("/api/v2/telemetry", json=[row, row], headers=site.headers(one)).raise_for_status()
        assert site.calls.call("ListDevices", {}, headers=site.headers(two)).ok
    call = site.calls.open("StreamReadings", feed, headers=site.headers(two))
    for n in range(3):
        feed.put(batch(site, f"u{n}", 2))
        assert outcome(next(call)).outcome.accepted == 2
    feed.put(None)
    assert list(call) == []
    by_http, by_message = usage_of(site, one_id, 6), usage_of(site, two_id, 7)
    # The stream is a call, and so is each of its batches.
    assert (by_http["calls"], by_message["calls"]) == (6, 7)
    assert by_http["data_points"] == by_message["data_points"]
    assert by_http.keys() == by_message.keys()
