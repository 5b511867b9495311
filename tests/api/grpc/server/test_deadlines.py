"""Calls that end early, by their deadline, their caller or the server, leave nothing behind."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import grpc
import pytest

from penstock.api.grpc.converting import struct_from
from penstock.api.grpc.descriptors import message_type
from tests.support.grpc_calls import Reply, client_of, ended, listening
from tests.support.inboxes import fresh_number
from tests.support.waiting import eventually

from .conftest import Feed, Site

Code = grpc.StatusCode
SMALL = [("grpc.http2.lookahead_bytes", 1024), ("grpc.http2.bdp_probe", 0), ("grpc.http2.max_frame_size", 16_384)]
"""Options of a client that takes little before its program reads."""


def batch(site: Site, batch_id: str = "", count: int = 1) -> dict[str, Any]:
    readings = [{"device_id": site.device_id, "numbers": {"n": float(n)}} for n in range(count)]
    return {"batch_id": batch_id, "readings": readings}


def following(call: Any) -> Any:
    """The next event of a stream."""
    return message_type("FollowResponse").FromString(next(call))


def kind_of(event: Any) -> str:
    ((field, _),) = event.event.ListFields()
    return str(field.name)


# ── waiting for a message ──


@pytest.fixture
def number(site: Site) -> str:
    found = fresh_number()
    site.api.post("/api/v2/inbox/addresses", json={"value": found}).raise_for_status()
    return found


def test_a_wait_for_a_message_ends_at_its_deadline(site: Site, number: str) -> None:
    reply = site.calls.call("WaitForNextMessage", {"address": number, "timeout": 60}, deadline_s=1)
    assert reply.code is Code.DEADLINE_EXCEEDED
    site.check_at_rest()


def test_a_wait_for_a_message_ends_with_its_caller(site: Site, number: str) -> None:
    name = "/penstock.v1.InboxesService/WaitForNextMessage"
    request = message_type("WaitForNextMessageRequest")(address=number, timeout=60).SerializeToString()
    waits = [site.calls.channel.unary_unary(name).future(request, metadata=site.calls.metadata()) for _ in range(3)]
    site.wait_for(waiting=3)
    for one in waits:
        one.cancel()
    site.check_at_rest()


def test_a_wait_ends_with_the_connection(site: Site, number: str) -> None:
    with client_of(site.listener, site.org) as other:
        request = message_type("WaitForNextMessageRequest")(address=number, timeout=60).SerializeToString()
        name = "/penstock.v1.InboxesService/WaitForNextMessage"
        wait = other.channel.unary_unary(name).future(request, metadata=other.metadata())
        site.wait_for(waiting=1)
    assert wait.cancelled() or wait.code() is not Code.OK
    site.check_at_rest()


def test_a_deadline_that_is_over_does_nothing(site: Site) -> None:
    reply = site.calls.call("CreateDevice", {"name": "late"}, deadline_s=0)
    assert reply.code is Code.DEADLINE_EXCEEDED
    site.check_at_rest()


# ── following ──


def test_a_cancelled_follow_frees_its_subscription(site: Site) -> None:
    calls = [site.calls.open("Follow", {"devices": [site.device_id]}) for _ in range(3)]
    for call in calls:
        assert kind_of(following(call)) == "ready"
    site.wait_for(readers=3)
    refused = site.calls.call("Follow", {})
    assert (refused.code, refused.reason) == (Code.UNAVAILABLE, "streams.too_many_readers")
    assert refused.retry_s is not None
    assert refused.told("retry-after") == [str(refused.retry_s)]
    for call in calls:
        call.cancel()
    site.check_at_rest()


def test_a_follow_ends_at_its_deadline(site: Site) -> None:
    reply = site.calls.call("Follow", {"devices": [site.device_id]}, deadline_s=1)
    assert reply.code is Code.DEADLINE_EXCEEDED
    assert reply.messages
    site.check_at_rest()


def test_a_follow_that_is_refused_holds_nothing(site: Site) -> None:
    for sent in ({"devices": ["dev_0000000000000"]}, {"devices": ["nonsense"]}, {"cursor": -1}):
        assert site.calls.call("Follow", sent).code in (Code.NOT_FOUND, Code.INVALID_ARGUMENT)
    site.check_at_rest()


def test_a_revoked_key_ends_its_follow(site: Site) -> None:
    key_id, key = site.new_key("telemetry:read")
    call = site.calls.open("Follow", {}, headers=site.headers(key))
    following(call)
    site.api.post(f"/api/v2/keys/{key_id}/revoke").raise_for_status()
    reply = ended(call)
    assert (reply.code, reply.reason) == (Code.UNAUTHENTICATED, "streams.credential_revoked")
    site.check_at_rest()


def test_a_reader_that_lags_is_cut_and_told_why(site: Site) -> None:
    with client_of(site.listener, site.org, options=SMALL) as slow:
        call = slow.open("Follow", {"devices": [site.device_id]})
        following(call)
        site.wait_for(readers=1)

        def is_cut() -> bool:
            site.send(400, 2_000)
            return site.held().readers == 0

        assert eventually(is_cut)
        reply = ended(call)
        assert (reply.code, reply.reason) == (Code.UNAVAILABLE, "streams.slow_reader"), reply.code
        site.check_at_rest()


def test_a_reader_that_lags_loses_nothing_when_it_resumes(site: Site) -> None:
    call = site.calls.open("Follow", {"devices": [site.device_id]})
    cursor = following(call).cursor
    sent = 0
    while sent < 6_000:
        site.send(500, 500)
        sent += 500
    seen: list[int] = []
    while len(seen) < sent:
        try:
            event = following(call)
        except grpc.RpcError:
            assert call.code() is Code.UNAVAILABLE
            call = site.calls.open("Follow", {"devices": [site.device_id], "cursor": cursor})
            continue
        cursor = event.cursor
        if kind_of(event) == "reading":
            seen.append(event.cursor)
    call.cancel()
    assert seen == sorted(set(seen))
    assert len(seen) == sent
    site.check_at_rest()


def test_follows_end_when_the_server_stops(site: Site) -> None:
    with listening(site.server) as running, client_of(running, site.org) as calls:
        call = calls.open("Follow", {"devices": [site.device_id]})
        following(call)

        async def stop(_: object) -> None:
            running.begin_stop(1)

        site.server.call(stop)
        assert ended(call).code is Code.UNAVAILABLE
    site.check_at_rest()


# ── streams of readings ──


def outcome(content: bytes) -> Any:
    return message_type("StreamReadingsResponse").FromString(content)


def test_a_cancelled_stream_of_readings_leaves_nothing(site: Site, feed: Feed) -> None:
    call = site.calls.open("StreamReadings", feed)
    feed.put(batch(site, "a"))
    assert outcome(next(call)).outcome.accepted == 1
    for n in range(20):
        feed.put(batch(site, f"b{n}", 500))
    call.cancel()
    site.check_at_rest()


def test_a_stream_of_readings_ends_at_its_deadline(site: Site, feed: Feed) -> None:
    call = site.calls.open("StreamReadings", feed, deadline_s=1)
    feed.put(batch(site))
    reply = ended(call)
    assert reply.code is Code.DEADLINE_EXCEEDED
    assert len(reply.messages) == 1
    site.check_at_rest()


def test_a_revoked_key_ends_its_stream_of_readings(site: Site, feed: Feed) -> None:
    key_id, key = site.new_key("telemetry:write")
    call = site.calls.open("StreamReadings", feed, headers=site.headers(key))
    feed.put(batch(site))
    assert outcome(next(call)).outcome.accepted == 1
    site.api.post(f"/api/v2/keys/{key_id}/revoke").raise_for_status()
    feed.put(batch(site))
    reply = ended(call)
    assert (reply.code, reply.reason) == (Code.UNAUTHENTICATED, "auth.key_not_active")
    site.check_at_rest()


def test_a_reader_of_outcomes_that_reads_nothing_is_cut(site: Site, feed: Feed) -> None:
    with client_of(site.listener, site.org, options=SMALL) as slow:
        call = slow.open("StreamReadings", feed)
        for n in range(60):
            feed.put(batch(site, f"s{n}", 9_000))
        assert eventually(site.rests_but_for_calls), "it is freed though nobody reads"
        reply = ended(call)
        assert (reply.code, reply.reason) == (Code.UNAVAILABLE, "streams.slow_reader"), reply.code
    site.check_at_rest()


@pytest.mark.parametrize("way", ["cancelled", "deadline"])
def test_an_upload_that_ends_early_leaves_nothing(way: str, site: Site, feed: Feed) -> None:
    name = "/penstock.v1.TelemetryService/UploadReadings"
    contents = (message_type("StreamReadingsRequest")(**one).SerializeToString() for one in feed)
    timeout = 1 if way == "deadline" else 60
    call = site.calls.channel.stream_unary(name).future(contents, metadata=site.calls.metadata(), timeout=timeout)
    feed.put(batch(site))
    feed.put(batch(site))
    if way == "cancelled":
        assert eventually(lambda: stored(site) == 2)
        call.cancel()
        assert call.cancelled()
    else:
        assert call.code() is Code.DEADLINE_EXCEEDED
    assert stored(site) == 2, "what was stored before stays"
    site.check_at_rest()


def stored(site: Site) -> int:
    reply = site.calls.call("ReadHistory", {"device_id": site.device_id, "from_time": {"seconds": 0}})
    return sum(len(page.readings) for page in reply.messages)


# ── files and ranges ──


READS = {
    "ReadHistory": {"from_time": {"seconds": 0}},
    "ExportReadings": {"from_time": {"seconds": 0}},
}


@pytest.mark.parametrize("name", READS)
def test_a_range_that_nobody_reads_to_its_end_leaves_nothing(name: str, site: Site) -> None:
    for _ in range(20):
        site.send(500, 1_000)
    with client_of(site.listener, site.org, options=SMALL) as slow:
        calls = [slow.open(name, {"device_id": site.device_id, **READS[name]}) for _ in range(3)]
        for call in calls:
            assert next(call)
        calls[0].cancel()
        assert eventually(lambda: site.held().tasks < site.before.tasks + 20)
        reply = whole(calls[1:])
        assert reply.code in (Code.UNAVAILABLE, Code.OK)
    site.check_at_rest()


def whole(calls: list[Any]) -> Reply:
    """How the first of some calls ends; the others are cancelled."""
    for call in calls[1:]:
        call.cancel()
    return ended(calls[0])


@pytest.mark.parametrize("name", READS)
def test_a_range_that_stalls_is_ended_after_a_while(name: str, site: Site) -> None:
    for _ in range(30):
        site.send(500, 2_000)
    with client_of(site.listener, site.org, options=SMALL) as slow:
        call = slow.open(name, {"device_id": site.device_id, **READS[name]})
        assert next(call)
        assert eventually(site.rests_but_for_calls), "it is freed though nobody reads"
        reply = ended(call)
        assert (reply.code, reply.reason) == (Code.UNAVAILABLE, "streams.slow_reader"), reply.code


@pytest.mark.parametrize("name", READS)
def test_a_range_ends_at_its_deadline(name: str, site: Site) -> None:
    for _ in range(4):
        site.send(500, 1_000)
    reply = site.calls.call(name, {"device_id": site.device_id, **READS[name]}, deadline_s=0.01)
    assert reply.code in (Code.DEADLINE_EXCEEDED, Code.OK)
    site.check_at_rest()


def test_a_large_batch_that_is_cancelled_frees_its_memory(site: Site) -> None:
    text = struct_from({"text": "x" * 50_000})
    sent = {"readings": [{"device_id": site.device_id, "data": text} for _ in range(100)]}
    content = message_type("SendReadingsRequest")(**sent).SerializeToString()
    send = site.calls.channel.unary_unary("/penstock.v1.TelemetryService/SendReadings")
    with ExitStack() as stack:
        calls = [send.future(content, metadata=site.calls.metadata()) for _ in range(10)]
        for call in calls:
            stack.callback(call.cancel)
        assert eventually(lambda: calls[0].done() or site.held().bodies_left < site.before.bodies_left)
    site.check_at_rest()
