"""One host name for everything: nginx, with the settings that are shipped, in front of the HTTP API, its streams and gRPC."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.support.authority import Authority
from tests.support.grpc_clients import Api, python_client
from tests.support.nginx import running_nginx
from tests.support.server import Org, RunningServer, running_server
from tests.support.waiting import CEILING_S

ELSEWHERE = "203.0.113.9"


@dataclass
class Proxied:
    """The proxy: what it listens at, what trusts it, and the server behind it."""

    port: int
    trust: ssl.SSLContext
    authority: bytes
    server: RunningServer

    @property
    def org(self) -> Org:
        return self.server.orgs["Acme"]

    def rest(self) -> httpx.Client:
        url = f"https://localhost:{self.port}"
        return httpx.Client(base_url=url, headers=self.org.headers(), verify=self.trust, timeout=CEILING_S)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("proxied")
    authority = Authority(folder)
    environment = {"PENSTOCK_HTTP_TRUSTED_PROXIES": "127.0.0.1/32", "PENSTOCK_STREAMS_HEARTBEAT_S": "1"}
    with running_server(folder / "data", environment=environment, args=("--grpc", "127.0.0.1:0")) as server:
        http_port = int(server.base_url.rpartition(":")[2])
        with running_nginx(folder / "nginx", http_port=http_port, grpc_port=server.grpc_port, pair=authority.pair()) as port:
            yield Proxied(port, authority.trusting(), authority.certificate, server)


@pytest.fixture
def api(proxied: Proxied) -> Iterator[Api]:
    with python_client(f"localhost:{proxied.port}", proxied.authority) as client:
        yield Api(client, proxied.org.headers())


def new_device(api: Api) -> str:
    return str(api("DevicesService.CreateDevice", name="Proxied").created_device.device.id)


def test_calls_of_both_kinds_go_through_one_port(proxied: Proxied, api: Api) -> None:
    device = new_device(api)
    with proxied.rest() as rest:
        assert rest.get(f"/api/v2/devices/{device}").json()["id"] == device
        call = "/penstock.v1.DevicesService/GetDevice"
        by_connect = rest.post(call, json={"deviceId": device})
        assert by_connect.json()["device"]["id"] == device
        web = rest.post(call, content=bytes(5), headers={"content-type": "application/grpc-web+proto"})
        assert b"grpc-status" in web.content
        assert rest.get("/console/").status_code in (200, 303)
    refused = api.refusal("DevicesService.GetDevice", device_id="dev_0000000000000")
    assert (refused.code, refused.reason) == ("NOT_FOUND", "devices.not_found")


def test_batches_are_streamed_through_the_proxy(api: Api) -> None:
    device = new_device(api)
    batches = [{"batch_id": str(n), "readings": [{"device_id": device, "numbers": {"n": n}}] * 500} for n in range(20)]
    answers = api.many("TelemetryService.StreamReadings", *batches)
    assert [one.outcome.accepted for one in answers] == [500] * 20
    history = api.many("TelemetryService.ReadHistory", {"device_id": device})
    assert sum(len(one.readings) for one in history) == 10_000


def test_readings_are_followed_through_the_proxy(proxied: Proxied, api: Api) -> None:
    device = new_device(api)
    stream = api.start("StreamsService.Follow", {"devices": [device]})
    by_grpc = iter(stream)
    assert next(by_grpc).event.WhichOneof("type") == "ready"
    with proxied.rest() as rest, rest.stream("GET", "/api/v2/streams/sse", params={"devices": device}) as by_sse:
        lines = by_sse.iter_lines()
        assert _next(lines, "event: ready")
        url = f"wss://localhost:{proxied.port}/api/v2/streams/ws?devices={device}"
        with connect(url, additional_headers=proxied.org.headers(), ssl=proxied.trust) as socket:
            assert json.loads(socket.recv(CEILING_S))["type"] == "ready"
            api("TelemetryService.SendReadings", readings=[{"device_id": device, "data": {"t": 1}}])
            assert _next(lines, "event: reading")
            assert next(one for one in map(json.loads, socket) if one["type"] == "reading")
    found = next(one for one in by_grpc if one.event.WhichOneof("type") == "reading")
    assert found.event.reading.data["t"] == 1
    stream.cancel()


def _next(lines: Iterator[str], wanted: str) -> bool:
    return any(line == wanted for line in lines)


def test_the_address_of_a_caller_is_the_one_in_front_of_the_proxy(proxied: Proxied, api: Api) -> None:
    forwarded = {"x-forwarded-for": ELSEWHERE}
    by_grpc = new_device(api.with_headers(api.headers | forwarded))
    with proxied.rest() as rest:
        by_rest = rest.post("/api/v2/devices", json={"name": "x"}, headers=forwarded).json()["device"]["id"]

        def address(device: str) -> Any:
            return rest.get("/api/v2/logs", params={"target": f"device:{device}"}).json()["data"][0]["ip"]

        assert [address(device) for device in (by_grpc, by_rest)] == [ELSEWHERE, ELSEWHERE]


@pytest.mark.parametrize("path", ["/penstock.v1.DevicesService/%FF", "/%ff", "/penstock.v1.DevicesService/GetDevice/x", "/x/y"])
def test_only_paths_of_services_reach_the_port_of_grpc(proxied: Proxied, path: str) -> None:
    """One that is not UTF-8 would end it for a moment."""
    with proxied.rest() as rest:
        answer = rest.post(path, content=bytes(5), headers={"content-type": "application/grpc"})
        assert answer.status_code in (400, 404, 415), answer.text
        assert answer.headers["content-type"] != "application/grpc"


def test_the_shipped_examples_send_the_same_paths_to_the_port_of_grpc() -> None:
    folder = Path(__file__).parents[3] / "deploy" / "proxies"
    paths = r"/(penstock\.v1|grpc\.health\.v1|grpc\.reflection\.v1alpha)\.[A-Za-z]+/[A-Za-z]+"
    for name in ("nginx.conf", "Caddyfile", "traefik.yml"):
        text = (folder / name).read_text()
        assert (name, paths in text, "application/grpc($|[+;])" in text) == (name, True, True)
