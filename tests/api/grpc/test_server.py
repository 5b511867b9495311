"""gRPC over HTTP/2: what a client of grpcio meets, whatever it sends; how the server stops, and starts again."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from penstock.api.grpc.config import GrpcConfig
from penstock.api.grpc.server import CannotServe, GrpcServer, _client
from penstock.kit.request_id import new_request_id
from tests.support.grpc_calls import GrpcClient, client_of, listening
from tests.support.grpc_server import Caller, Failure, caller_at, failure_of
from tests.support.in_process import InProcessServer
from tests.support.inboxes import fresh_number
from tests.support.server import Org
from tests.support.waiting import CEILING_S, awaited

GET_DEVICE = "/penstock.v1.DevicesService/GetDevice"


def told(caller: Caller, path: str | bytes, content: bytes) -> Failure:
    with pytest.raises(grpc.RpcError) as ended:
        caller.channel.unary_unary(path)(content, metadata=caller.metadata, timeout=CEILING_S)
    return Failure(ended.value)


def test_bytes_that_are_no_message_are_the_callers_mistake(caller: Caller) -> None:
    failed = told(caller, GET_DEVICE, b"\xff\xff")
    assert (failed.code, failed.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "grpc.unreadable")
    assert failed.text == "the message is not a GetDeviceRequest"


@pytest.mark.parametrize("path", ["/penstock.v1.DevicesService/Nothing", "/penstock.v1.Nothing/GetDevice", "/other.v1.X/Y", "/"])
def test_a_call_that_does_not_exist_is_unimplemented(caller: Caller, path: str) -> None:
    assert told(caller, path, b"").code is grpc.StatusCode.UNIMPLEMENTED


def test_a_message_above_the_limit_is_refused_unread(in_process: InProcessServer, org: Org) -> None:
    with listening(in_process, max_message_bytes=65_536) as server, client_of(server, org) as client:
        reply = client.call("CreateDevice", {"name": "x", "description": "y" * 70_000})
        assert reply.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert client.call("ListDevices", {}).ok


def test_every_answer_says_its_request_and_what_is_left(caller: Caller) -> None:
    _, call = caller.answered("DevicesService/ListDevices")
    trailers = dict(call.trailing_metadata())
    assert trailers["x-request-id"][:4] == new_request_id()[:4]
    failed = failure_of(caller, "DevicesService/GetDevice", device_id="dev_0000000000001")
    assert failed.trailers["x-request-id"] != trailers["x-request-id"]


def test_health_and_reflection_need_no_key(in_process: InProcessServer) -> None:
    with caller_at(in_process.grpc_port()) as nobody:
        health = health_pb2_grpc.HealthStub(nobody.channel)
        for name in ("", "penstock.v1.DevicesService"):
            found = health.Check(health_pb2.HealthCheckRequest(service=name), timeout=CEILING_S)
            assert found.status == health_pb2.HealthCheckResponse.SERVING
        asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        reflected = reflection_pb2_grpc.ServerReflectionStub(nobody.channel).ServerReflectionInfo(asked, timeout=CEILING_S)
        names = {one.name for one in next(reflected).list_services_response.service}
    assert {"penstock.v1.DevicesService", "penstock.v1.StreamsService", "grpc.health.v1.Health"} <= names


def test_a_port_in_use_cannot_be_served(in_process: InProcessServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        async def start(running: object) -> None:
            await GrpcServer(running.calls_of_grpc(), GrpcConfig()).start("127.0.0.1", port)  # type: ignore[attr-defined]

        with pytest.raises(CannotServe):
            in_process.call(start)


def test_a_call_in_progress_may_end_when_the_server_stops(in_process: InProcessServer, org: Org) -> None:
    number = fresh_number()
    with in_process.client(org) as api:
        api.post("/api/v2/inbox/addresses", json={"value": number}).raise_for_status()
        with listening(in_process) as server, client_of(server, org) as client:
            replies = []
            waiting = threading.Thread(
                target=lambda: replies.append(client.call("WaitForNextMessage", {"address": number, "timeout": 1}))
            )
            waiting.start()
            awaited(lambda: in_process.call(_waiting) == 1, what="the call waits")

            async def stop(_: object) -> None:
                server.begin_stop(CEILING_S)

            in_process.call(stop)
            waiting.join(CEILING_S)
            assert [one.code for one in replies] == [grpc.StatusCode.OK]
            with GrpcClient(server.port, org.headers()) as late:
                assert late.call("ListDevices", {}).code is not grpc.StatusCode.OK


async def _waiting(server: object) -> int:
    total: int = server.parts.inboxes.waiting.total  # type: ignore[attr-defined]
    return total


def test_a_path_that_is_not_utf8_concerns_no_other_call(caller: Caller, in_process: InProcessServer, org: Org) -> None:
    """Some versions of grpcio end their server then: they are excluded where the dependencies are declared."""
    with follower(caller) as following:
        with GrpcClient(in_process.grpc_port(), org.headers()) as bad:
            with pytest.raises(grpc.RpcError):
                bad.channel.unary_unary(b"/penstock.v1.\xff/Get")(b"", timeout=CEILING_S)
            assert bad.call("ListDevices", {}).ok
        device = caller.call("DevicesService/CreateDevice", name="Pump").created_device.device.id
        caller.call("TelemetryService/SendReadings", readings=[{"device_id": device, "numbers": {"n": 1}}])
        assert next(following).event.WhichOneof("type") in ("reading", "heartbeat")


@contextlib.contextmanager
def follower(caller: Caller) -> Iterator[grpc.Call]:
    call = caller.call("StreamsService/Follow")
    assert next(call).event.WhichOneof("type") == "ready"
    yield call
    call.cancel()


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("ipv4:127.0.0.1:50051", ("127.0.0.1", 50_051)),
        ("ipv6:%5B::1%5D:50051", ("::1", 50_051)),
        ("ipv6:[2001:db8::7]:9", ("2001:db8::7", 9)),
        ("unix:/tmp/socket", None),
        ("nonsense", None),
    ],
)
def test_the_address_of_a_caller_is_read_from_its_peer(peer: str, found: tuple[str, int] | None) -> None:
    assert _client(peer) == found
