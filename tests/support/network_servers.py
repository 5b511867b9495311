"""Network servers to send downlinks to: ChirpStack's gRPC service from its own stubs, and The Things Stack's over HTTP."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
from chirpstack_api.api import device_pb2, device_pb2_grpc


class ChirpStack(device_pb2_grpc.DeviceServiceServicer):  # type: ignore[misc]
    """Queues of devices. `fails` is a status that the next calls are answered with; `on_enqueue` is told of each item's id."""

    TOKEN = "eyJ0eXAi.api-key.of-chirpstack"

    def __init__(self) -> None:
        self.url = ""
        self.items: list[Any] = []
        self.ids: list[str] = []
        self.fails: tuple[grpc.StatusCode, str] | None = None
        self.on_enqueue: Callable[[str], None] = lambda _: None

    def Enqueue(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802  (the service's own name)
        if dict(context.invocation_metadata()).get("authorization") != f"Bearer {self.TOKEN}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "authentication failed: invalid token")
        if self.fails is not None:
            context.abort(*self.fails)
        self.items.append(request.queue_item)
        self.ids.append(str(uuid.uuid4()))
        self.on_enqueue(self.ids[-1])
        return device_pb2.EnqueueDeviceQueueItemResponse(id=self.ids[-1])


@contextmanager
def chirpstack(credentials: grpc.ServerCredentials | None = None) -> Iterator[ChirpStack]:
    service, pool = ChirpStack(), ThreadPoolExecutor(4)
    server = grpc.server(pool)
    device_pb2_grpc.add_DeviceServiceServicer_to_server(service, server)
    port = server.add_secure_port("127.0.0.1:0", credentials) if credentials else server.add_insecure_port("127.0.0.1:0")
    service.url = f"https://localhost:{port}" if credentials else f"http://127.0.0.1:{port}"
    server.start()
    try:
        yield service
    finally:
        server.stop(None).wait()
        pool.shutdown()


class ThingsStack(ThreadingHTTPServer):
    """Takes what is pushed. `answers` are the statuses of the next answers; None is an end without one."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.calls: list[tuple[str, dict[str, str], Any]] = []
        self.answers: list[int | None] = []


class _Handler(BaseHTTPRequestHandler):
    server: ThingsStack

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append((self.path, dict(self.headers.items()), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status is None:
            self.close_connection = True
            return
        answer = b"{}" if status == 200 else json.dumps({"code": 5, "message": f"error:pkg/as:no_{status} (told)"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def things_stack() -> Iterator[ThingsStack]:
    server = ThingsStack()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
