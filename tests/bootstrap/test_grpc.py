"""gRPC beside HTTP: where it listens, its certificate, and that nobody pays for it who does not use it."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from penstock.adapters.frontdoor.certificate import ServerCertificate
from penstock.adapters.frontdoor.config import TlsConfig
from penstock.adapters.frontdoor.server import CannotListen
from penstock.api.grpc.config import GrpcConfig
from penstock.bootstrap import grpc as bootstrap
from penstock.bootstrap.grpc import has_connect, listening_for_grpc
from penstock.kit.clock import SystemClock
from penstock.settings import load_settings
from tests.support.authority import Authority
from tests.support.grpc_server import caller_at
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.waiting import CEILING_S


def test_it_does_not_listen_unless_it_is_asked_to() -> None:
    settings = load_settings(environment={})
    assert (settings.grpc.listen, settings.grpc.host, settings.grpc.port) == (False, "127.0.0.1", 9090)


def test_a_server_that_is_not_asked_imports_nothing_for_it() -> None:
    program = (
        "import sys, penstock.bootstrap.server;"
        "print([x for x in ('connectrpc', 'grpc_health', 'grpc_reflection', 'google.rpc') if x in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (told.stdout.strip(), told.stderr) == ("[]", "")


def test_a_grpc_port_in_use_is_named_with_what_to_do(in_process: InProcessServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        async def start(server: object) -> None:
            config = GrpcConfig(listen=True, port=port)
            async with listening_for_grpc(server.calls_of_grpc, config, None):  # type: ignore[attr-defined]
                raise AssertionError

        with pytest.raises(CannotListen, match=f"cannot listen on 127.0.0.1:{port}: Address already in use; select another"):
            in_process.call(start)


def test_a_renewed_certificate_is_that_of_new_connections(in_process: InProcessServer, tmp_path: Path) -> None:
    old, new = Authority(tmp_path), Authority(tmp_path)
    pair = old.pair()
    certificate = ServerCertificate(TlsConfig(certificate=str(pair.certificate), key=str(pair.key)), SystemClock())
    org = in_process.new_org()
    entered = []

    async def start(server: object) -> int:
        config = GrpcConfig(listen=True, port=0)
        listening = listening_for_grpc(server.calls_of_grpc, config, certificate)  # type: ignore[attr-defined]
        entered.append(listening)
        _, (address,) = await listening.__aenter__()
        assert address.startswith("grpcs://127.0.0.1:")
        return int(address.rpartition(":")[2])

    async def stop(_: object) -> None:
        await entered[0].__aexit__(None, None, None)

    port = in_process.call(start)
    try:
        with caller_at(port, org, tls=old.certificate) as caller:
            assert list(caller.call("DevicesService/ListDevices").data) == []
            pair.write(new.leaf())
            certificate.reload()
            with caller_at(port, org, tls=new.certificate) as renewed:
                assert list(renewed.call("DevicesService/ListDevices").data) == []
            assert list(caller.call("DevicesService/ListDevices").data) == [], "an open connection stays"
        with caller_at(port, org, tls=old.certificate) as outdated, pytest.raises(grpc.RpcError):
            outdated.channel.unary_unary("/penstock.v1.DevicesService/ListDevices")(b"", timeout=CEILING_S)
    finally:
        in_process.call(stop)


def test_without_the_library_there_are_no_calls_over_http(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert has_connect()
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    assert not has_connect()
    with in_process_server(tmp_path / "data") as server, server.client() as client:
        assert client.post("/penstock.v1.DevicesService/ListDevices", json={}).json()["code"] == "request.route_not_found"


def test_calls_over_http_can_be_switched_off(tmp_path: Path) -> None:
    with (
        in_process_server(tmp_path / "data", environment={"PENSTOCK_GRPC_CONNECT": "false"}) as server,
        server.client() as client,
    ):
        assert client.post("/penstock.v1.DevicesService/ListDevices", json={}).status_code == 404
