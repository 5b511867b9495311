"""A real server that listens for gRPC, and generated clients of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.grpc_clients import Api, generate_typescript, generated_python, python_client, typescript_client
from tests.support.server import RunningServer, running_server

CLIENTS = ("python, gRPC", "TypeScript, gRPC", "TypeScript, Connect", "TypeScript, Connect with JSON", "TypeScript, gRPC-Web")


@pytest.fixture(scope="package", autouse=True)
def _python_is_generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with generated_python(tmp_path_factory.mktemp("generated") / "python"):
        yield


@pytest.fixture(scope="package")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated-typescript")
    generate_typescript(folder)
    return folder


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all clients, which keep apart by making their own things."""
    environment = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.0/8"}
    folder = tmp_path_factory.mktemp("grpc") / "data"
    with running_server(folder, orgs=("Acme", "Other"), environment=environment, args=("--grpc", "127.0.0.1:0")) as server:
        yield server


@pytest.fixture(scope="package", params=CLIENTS)
def api(request: pytest.FixtureRequest, served: RunningServer) -> Iterator[Api]:
    """Each generated client in turn, with the key of Acme."""
    headers = served.orgs["Acme"].headers()
    language, _, protocol = request.param.partition(", ")
    if language == "python":
        with python_client(f"127.0.0.1:{served.grpc_port}") as client:
            yield Api(client, headers)
        return
    folder = request.getfixturevalue("typescript")
    native = protocol == "gRPC"
    name = {"gRPC": "grpc", "gRPC-Web": "web"}.get(protocol, "connect")
    url = f"http://127.0.0.1:{served.grpc_port}" if native else served.base_url
    with typescript_client(folder, name, url, form="json" if "JSON" in protocol else "") as made:
        yield Api(made, headers)


@pytest.fixture(scope="package")
def rest(served: RunningServer) -> Iterator[httpx.Client]:
    """The same organisation over the HTTP API."""
    with served.client(served.orgs["Acme"]) as client:
        yield client


class Receiver(ThreadingHTTPServer):
    """Takes webhooks: `bodies` are those that came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.bodies: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        assert isinstance(self.server, Receiver)
        self.server.bodies.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
