"""A port that is in use: a default one is done without and said everywhere, a requested one prevents the start."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from penstock.ingress.mqtt.websocket import PATH
from tests.cli.commands import refusal
from tests.support.server import bootstrap_org, run_cli, start_server

MQTT_PORT = 1883
TOLD = (
    f"MQTT is not available: cannot listen on 127.0.0.1:{MQTT_PORT}: Address already in use; select another address with --mqtt "
)
HTTP_TOLD = "Address already in use; select another address with --http HOST:PORT, or http.host and http.port in the settings"


@pytest.fixture
def taken() -> Iterator[None]:
    """The default port of MQTT is in use: by this test, or by another program of the developer's."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            stack.enter_context(socket.create_server(("127.0.0.1", MQTT_PORT)))
        yield


@pytest.mark.usefixtures("taken")
def test_without_its_default_port_the_server_starts_without_mqtt_and_says_so(tmp_path: Path) -> None:
    server = start_server(tmp_path / "data", environment={"PENSTOCK_MQTT_PORT": None})
    try:
        assert server.mqtt_port == 0
        assert server.process.stdout is not None
        assert server.process.stdout.readline().startswith(f"WARNING: {TOLD}")
        assert '"mqtt_not_listening"' in server.log()
        for path in ("/health", "/ready"):
            answer = httpx.get(server.base_url + path)
            assert (answer.status_code, answer.json()["status"]) == (200, "ok")
            assert answer.json()["checks"]["mqtt"].startswith(TOLD)
        # Over WebSocket there is MQTT all the same.
        with connect(f"ws{server.base_url.removeprefix('http')}{PATH}", subprotocols=[Subprotocol("mqtt")]) as socket_:
            assert socket_.subprotocol == "mqtt"
    finally:
        assert server.stop() == 0
        assert server.process.stdout is not None
        server.process.stdout.close()


@pytest.mark.usefixtures("taken")
def test_a_command_over_mqtt_says_that_there_is_no_port_for_it(tmp_path: Path) -> None:
    org = bootstrap_org(tmp_path / "data")
    server = start_server(tmp_path / "data", environment={"PENSTOCK_MQTT_PORT": None})
    try:
        with server.client(org) as api:
            path = f"/api/v2/devices/{api.post('/api/v2/devices', json={'name': 'Pump'}).json()['device']['id']}/commands"
            for transport, reason in (("mqtt", "it waits: MQTT has no port on this server"), ("any", "requested")):
                made = api.post(path, json={"name": f"over_{transport}", "transport": transport}).json()["id"]
                queued = api.post(f"{path}/{made}/execute", json={"parameters": {}}).json()
                assert queued["state"] == "queued"
                assert queued["reason"].startswith(reason)
    finally:
        assert server.stop() == 0
        assert server.process.stdout is not None
        server.process.stdout.close()


@pytest.mark.usefixtures("taken")
@pytest.mark.parametrize("layer", ["flag", "variable", "file", "host"])
def test_a_requested_port_in_use_prevents_the_start(tmp_path: Path, layer: str) -> None:
    flags = ["--mqtt", f"127.0.0.1:{MQTT_PORT}"] if layer == "flag" else []
    environment: dict[str, str | None] = {"PENSTOCK_MQTT_PORT": str(MQTT_PORT) if layer == "variable" else None}
    if layer == "host":
        environment["PENSTOCK_MQTT_HOST"] = "127.0.0.1"
    if layer == "file":
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "penstock.toml").write_text(f"[mqtt]\nport = {MQTT_PORT}\n")
    done = run_cli("serve", "--data-dir", str(tmp_path / "data"), "--http", "127.0.0.1:0", *flags, environment=environment)
    told = refusal(done)
    assert told.startswith(f"cannot listen on 127.0.0.1:{MQTT_PORT}: ")
    assert told.endswith("--mqtt HOST:PORT, or mqtt.host and mqtt.port in the settings")


def test_the_http_port_in_use_always_prevents_the_start_and_names_its_flag(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        variable: dict[str, str | None] = {"PENSTOCK_HTTP_PORT": str(other.getsockname()[1])}
        assert refusal(run_cli("serve", "--data-dir", str(tmp_path / "data"), environment=variable)).endswith(HTTP_TOLD)
