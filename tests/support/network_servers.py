"""Network servers to send downlinks to: ChirpStack 4 by gRPC and at a broker, from its own stubs; the others by HTTP."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import grpc
from chirpstack_api.api import device_pb2, device_pb2_grpc
from chirpstack_api.integration import integration_pb2
from google.protobuf import json_format

from .brokers import Broker, Publisher

Server = TypeVar("Server", bound=ThreadingHTTPServer)


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


class ChirpStackAtBroker(Publisher):
    """ChirpStack's MQTT integration: reads commands by ChirpStack's own messages, as strictly as these are, and tells events."""

    def __init__(self, broker: Broker) -> None:
        super().__init__(broker)
        self.commands: list[Any] = []
        self.refused: list[str] = []
        self.on_heard = self._take
        self.listen("application/+/device/+/command/down")

    def _take(self, topic: str, payload: bytes) -> None:
        try:
            command = json_format.Parse(payload, integration_pb2.DownlinkCommand())
        except json_format.ParseError as error:
            self.refused.append(str(error))
            return
        if topic.split("/")[3] != command.dev_eui or not command.f_port:
            self.refused.append("the topic names another device, or there is no port")
        self.commands.append(command)

    def tell(self, application: str, eui: str, event: str, message: Any) -> None:
        """Publish an event as ChirpStack 4 does."""
        message.device_info.dev_eui, message.device_info.application_id = eui, application
        body = json_format.MessageToJson(message, always_print_fields_with_no_presence=True)
        self.publish(f"application/{application}/device/{eui}/event/{event}", body)

    def tell_v3(self, application: str, eui: str, event: str, **fields: Any) -> None:
        """Publish an event as ChirpStack 3 does, in its form "JSON v3"."""
        about = {"applicationID": application, "applicationName": "water", "deviceName": "Flat 12", "devEUI": eui, "tags": {}}
        self.publish(f"application/{application}/device/{eui}/event/{event}", json.dumps(about | fields))


class ChirpStack3(ThreadingHTTPServer):
    """The queue of ChirpStack 3's application server, with frame counters from `counter` on. `answers` as below."""

    daemon_threads = True
    TOKEN = "eyJ0eXAi.api-key.of-chirpstack-3"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Queue)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.items: list[tuple[str, Any]] = []
        self.answers: list[int] = []
        self.counter = 0


class _Queue(BaseHTTPRequestHandler):
    server: ChirpStack3

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if self.headers["Grpc-Metadata-Authorization"] != f"Bearer {self.server.TOKEN}":
            status = 401
        answer: dict[str, Any] = {
            "error": "authentication failed: not authorized",
            "code": 16,
            "message": "authentication failed",
        }
        if status == 200:
            self.server.items.append((self.path, body["deviceQueueItem"]))
            answer = {"fCnt": self.server.counter}
            self.server.counter += 1
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


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
    with _serving(ThingsStack()) as server:
        yield server


@contextmanager
def chirpstack_v3() -> Iterator[ChirpStack3]:
    with _serving(ChirpStack3()) as server:
        yield server


@contextmanager
def _serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
