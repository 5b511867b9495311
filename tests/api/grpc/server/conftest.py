"""A server in this process with short times and small queues, which listens for gRPC."""

from __future__ import annotations

import asyncio
import gc
import inspect
import queue
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from penstock.api.grpc.server import GrpcServer
from penstock.api.grpc.services import answers
from tests.support.grpc_calls import GrpcClient, client_of, listening
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org
from tests.support.waiting import awaited, eventually

SHORT = {
    "PENSTOCK_STREAMS_HEARTBEAT_S": "0.2",
    "PENSTOCK_STREAMS_MAX_QUEUED_EVENTS": "200",
    "PENSTOCK_STREAMS_CATCH_UP_S": "0.2",
    "PENSTOCK_STREAMS_MAX_READERS_PER_ORG": "3",
}
STALL_S = 3


class Held(msgspec.Struct, frozen=True):
    """What a server holds for calls: readers of streams, calls that wait for messages, bytes of bodies, tasks, and iterators of
    answers that are neither at their end nor closed.
    """

    readers: int
    waiting: int
    bodies_left: int
    tasks: int
    answers: int


def is_of_calls(task: asyncio.Task[Any]) -> bool:
    """Whether a task is one of the library, which is compiled, or of what handles its calls. Those of workers come and go."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code is None or "grpc" in code.co_filename


class Site:
    """The server, an organisation, and a client of gRPC and one of HTTP."""

    def __init__(self, server: InProcessServer, listener: GrpcServer, org: Org, calls: GrpcClient, api: httpx.Client) -> None:
        self.server, self.listener, self.org, self.calls, self.api = server, listener, org, calls, api
        self.device_id = self.new_device()
        assert calls.call("ReadHistory", {"device_id": self.device_id}).ok  # the connection is open from here on
        self.before = self.held()

    def new_device(self) -> str:
        return str(self.api.post("/api/v2/devices", json={"name": "pump"}).raise_for_status().json()["device"]["id"])

    def new_key(self, *scopes: str, **more: Any) -> tuple[str, str]:
        """The id of a new key, and its value."""
        made = self.api.post("/api/v2/keys", json={"name": "key", "scopes": scopes, **more}).raise_for_status().json()
        return made["key"]["id"], made["value"]

    def headers(self, key: str) -> dict[str, str]:
        return {"x-api-key": key, "x-organization-id": self.org.organization_id}

    def send(self, count: int, size: int = 10) -> None:
        """Store readings of the device."""
        rows = [{"data": {"n": n, "text": "x" * size}} for n in range(count)]
        self.api.post(f"/api/v2/devices/{self.device_id}/telemetry", json=rows).raise_for_status()

    def held(self) -> Held:
        async def look(server: Any) -> Held:
            gc.collect()
            tasks = [one for one in asyncio.all_tasks() if not one.done() and is_of_calls(one)]
            open_ones = [one for one in gc.get_objects() if inspect.isasyncgen(one) and one.ag_frame is not None]
            under_way = [one for one in open_ones if one.ag_code is answers.__code__]
            return Held(server.hub.readers, server.parts.inboxes.waiting.total, server.bodies._left, len(tasks), len(under_way))

        return self.server.call(look)

    def is_at_rest(self) -> bool:
        """Whether the server holds no more than when nothing was under way."""
        return self.rests_but_for_calls() and self.held().tasks <= self.before.tasks

    def rests_but_for_calls(self) -> bool:
        """The same, but for calls that wait until their caller reads what was sent."""
        now = self.held()
        return (now.readers, now.waiting, now.answers, now.bodies_left) == (0, 0, 0, self.before.bodies_left)

    def check_at_rest(self) -> None:
        assert eventually(self.is_at_rest), (self.held(), self.before)
        assert "penstock_stream_readers 0.0" in self.server.client().get("/metrics").text

    def wait_for(self, **wanted: int) -> None:
        """Wait until the server holds as much."""
        awaited(lambda: all(getattr(self.held(), name) == value for name, value in wanted.items()), what=f"{wanted}")


class Feed:
    """The requests of a stream, one after the other as a test puts them in. None ends it."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def put(self, request: Any) -> None:
        self._queue.put(request)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._queue.get, None)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    with in_process_server(tmp_path_factory.mktemp("short") / "data", environment=SHORT) as server:
        yield server


@pytest.fixture(scope="module")
def listener(short: InProcessServer) -> Iterator[GrpcServer]:
    with listening(short, write_stall_timeout_s=STALL_S) as running:
        yield running


@pytest.fixture
def site(short: InProcessServer, listener: GrpcServer) -> Iterator[Site]:
    org = short.new_org()
    with client_of(listener, org) as calls, short.client(org) as api:
        yield Site(short, listener, org, calls, api)


@pytest.fixture
def feed() -> Iterator[Feed]:
    made = Feed()
    yield made
    made.put(None)
