"""Following readings and other events, as a client of grpcio sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.support.grpc_server import Caller, Failure, caller_at, failure_of, shown
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org
from tests.support.waiting import awaited

FOLLOW = "StreamsService/Follow"


@pytest.fixture
def device(caller: Caller) -> str:
    found: str = caller.call("DevicesService/CreateDevice", name="Pump").created_device.device.id
    return found


def send(caller: Caller, device: str, *values: float, kind: str = "telemetry") -> None:
    readings = [{"device_id": device, "numbers": {"t": value, "h": value + 0.5}, "kind": kind} for value in values]
    caller.call("TelemetryService/SendReadings", readings=readings)


@contextmanager
def following(caller: Caller, **what: Any) -> Iterator[Any]:
    """A stream that has begun: its `ready` is read."""
    stream = caller.call(FOLLOW, **what)
    try:
        assert next(stream).event.WhichOneof("type") == "ready"
        yield stream
    finally:
        stream.cancel()


def kinds(stream: Any, count: int) -> list[str]:
    return [next(stream).event.WhichOneof("type") for _ in range(count)]


def test_readings_come_as_they_are_stored_with_the_cursor_after_them(caller: Caller, device: str) -> None:
    with following(caller, devices=[device]) as stream:
        send(caller, device, 1, 2)
        first, second = next(stream), next(stream)
    reading = first.event.reading
    assert shown(reading)["data"] == {"t": 1, "h": 1.5}
    assert (reading.device_id, reading.kind, reading.backfill) == (device, "telemetry", False)
    assert first.cursor == reading.seq < second.cursor
    stored = caller.call("TelemetryService/GetLatestReading", device_id=device).latest.data
    assert (stored.id, stored.time) == (second.event.reading.id, second.event.reading.time)


def test_a_filter_lets_through_what_it_names(caller: Caller, device: str) -> None:
    other = caller.call("DevicesService/CreateDevice", name="Other").created_device.device.id
    with following(caller, devices=[device], kinds=["status"], keys=["h"]) as stream:
        send(caller, other, 1, kind="status")
        send(caller, device, 2)
        send(caller, device, 3, kind="status")
        assert shown(next(stream).event.reading)["data"] == {"h": 3.5}


def test_all_readers_of_a_reading_get_the_same_and_those_of_some_values_their_own(caller: Caller, device: str) -> None:
    with following(caller) as everything, following(caller, devices=[device]) as same, following(caller, keys=["t"]) as some:
        send(caller, device, 1)
        assert next(everything) == next(same)
        assert shown(next(some).event.reading)["data"] == {"t": 1}


def test_a_reader_resumes_with_its_cursor(caller: Caller, device: str) -> None:
    with following(caller, devices=[device]) as stream:
        send(caller, device, 1)
        cursor = next(stream).cursor
    send(caller, device, 2, 3)
    with following(caller, devices=[device], cursor=cursor) as stream:
        assert [next(stream).event.reading.data["t"] for _ in range(2)] == [2, 3]


def test_a_cursor_that_is_not_of_this_server_is_told_as_a_gap(caller: Caller, device: str) -> None:
    stream = caller.call(FOLLOW, devices=[device], cursor=10**12)
    gap = next(stream)
    assert gap.event.WhichOneof("type") == "gap"
    assert shown(gap.event.gap)["reason"] == "REASON_UNKNOWN_CURSOR"
    assert gap.event.gap.requested_after == 10**12
    ready = next(stream)
    assert (ready.event.WhichOneof("type"), ready.cursor) == ("ready", gap.event.gap.resumes_after)
    stream.cancel()


def test_notices_come_to_those_who_ask_for_them(caller: Caller, device: str) -> None:
    command = caller.call("CommandsService/CreateCommandForDevice", device_id=device, name="reboot").command
    with following(caller, devices=[device], commands=True) as stream:
        caller.call("CommandsService/ExecuteCommandOnDevice", device_id=device, definition_id=command.id)
        notice = next(stream).event.notice
    assert shown(notice)["name"] == "NAME_COMMAND"
    assert notice.data["device_id"] == device


def test_what_may_not_be_followed_is_refused_before_anything_comes(caller: Caller, in_process: InProcessServer) -> None:
    assert failure_of(Caller(caller.channel), FOLLOW).code is grpc.StatusCode.UNAUTHENTICATED
    key = caller.call("KeysService/CreateKey", name="Narrow", scopes=["telemetry:read"]).created_key.value
    narrow = Caller(caller.channel, [("x-api-key", key), caller.metadata[1]])
    failed = failure_of(narrow, FOLLOW, commands=True)
    assert (failed.code, failed.reason) == (grpc.StatusCode.PERMISSION_DENIED, "auth.scope_missing")
    assert failure_of(caller, FOLLOW, devices=["dev_0000000000001"]).code is grpc.StatusCode.NOT_FOUND


def test_a_key_that_is_revoked_ends_its_stream_with_the_reason(caller: Caller, device: str) -> None:
    key = caller.call("KeysService/CreateKey", name="Leaver", scopes=["telemetry:read"]).created_key
    with following(Caller(caller.channel, [("x-api-key", key.value), caller.metadata[1]]), devices=[device]) as stream:
        caller.call("KeysService/RevokeKey", key_id=key.key.id)
        with pytest.raises(grpc.RpcError) as ended:
            next(stream)
    failed = Failure(ended.value)
    assert (failed.code, failed.reason) == (grpc.StatusCode.UNAUTHENTICATED, "streams.credential_revoked")


def test_a_reader_who_leaves_frees_its_stream(caller: Caller, in_process: InProcessServer, org: Org) -> None:
    async def open_streams(server: Any) -> int:
        return int(server.hub.readers)

    before = in_process.call(open_streams)
    with following(caller):
        assert in_process.call(open_streams) == before + 1
    awaited(lambda: in_process.call(open_streams) == before, what="the end of the stream")


@pytest.fixture(scope="module")
def brisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    """A server that soon sends heartbeats."""
    environment = {"PENSTOCK_STREAMS_HEARTBEAT_S": "0.2"}
    with in_process_server(tmp_path_factory.mktemp("brisk") / "data", environment=environment) as running:
        yield running


def test_heartbeats_come_while_nothing_happens(brisk: InProcessServer) -> None:
    with caller_at(brisk.grpc_port(), brisk.orgs["Acme"]) as caller, following(caller) as stream:
        assert kinds(stream, 2) == ["heartbeat", "heartbeat"]


def test_a_server_that_stops_says_so_to_its_readers(tmp_path: Path) -> None:
    with (
        in_process_server(tmp_path / "data") as running,
        caller_at(running.grpc_port(), running.orgs["Acme"]) as caller,
        following(caller) as stream,
    ):

        async def stop(server: Any) -> None:
            server.hub.stop()

        running.call(stop)
        with pytest.raises(grpc.RpcError) as ended:
            next(stream)
    failed = Failure(ended.value)
    assert (failed.code, failed.reason) == (grpc.StatusCode.UNAVAILABLE, "streams.server_stopping")
