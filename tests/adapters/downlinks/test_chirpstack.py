"""ChirpStack's API against a server of its stubs: TLS, addresses that are judged, what each end of a call leaves us knowing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import grpc
import pytest

from penstock.adapters.downlinks.chirpstack import ChirpStackSender
from penstock.core.connections.settings import ChirpStackApi
from penstock.core.downlinks.models import OutgoingDownlink
from penstock.core.downlinks.ports import Accepted, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.targets import TargetPolicy
from tests.support.authority import Authority
from tests.support.network_servers import ChirpStack, chirpstack

DOWNLINK = OutgoingDownlink(
    correlation="penstock:cmd_1",
    eui="70b3d57ed0061f2a",
    device_name=None,
    f_port=3,
    org_id=1,
    project_id=2,
    item_id="4f2d0a8e-7c11-4b8e-9d1c-5a2b3c4d5e6f",
    application_id=None,
    payload=b"\x07",
    confirmed=True,
    expires_us=1_800_000_000_000_000,
)


class Names:
    """A name server that answers each question with the next of its addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)

    async def resolve(self, host: str, port: int) -> list[str]:
        if not self._addresses:
            raise OSError("no such host")
        return [self._addresses.pop(0)]


def policy(*allowed: str) -> TargetPolicy:
    return TargetPolicy(
        OutboundConfig(
            allowed_targets=allowed,
            ports=(443,),
            plain_http=False,
            connect_timeout_s=5,
            timeout_s=5,
            max_response_bytes=1_000,
            max_connections=10,
            ca_file="",
        )
    )


async def send(url: str, token: str | None = ChirpStack.TOKEN, names: Names | None = None, ca_file: str = "") -> Outcome:
    sender = ChirpStackSender(policy("127.0.0.0/8", "localhost"), names or Names("127.0.0.1"), ca_file)
    return await sender.send(ChirpStackApi(url=url, token=token), DOWNLINK)


async def test_over_tls_the_server_must_prove_itself(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    leaf = authority.leaf("localhost")
    pair = (leaf.private_key_pem.bytes(), b"".join(one.bytes() for one in leaf.cert_chain_pems))
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(authority.certificate)
    with chirpstack(grpc.ssl_server_credentials([pair])) as service:
        assert await send(service.url, ca_file=str(ca_file)) == Accepted(service.ids[0])
        assert isinstance(await send(service.url), NotAccepted), "signed by nobody that is trusted"
        elsewhere = service.url.replace("localhost", "127.0.0.1")
        assert isinstance(await send(elsewhere, ca_file=str(ca_file)), NotAccepted), "not its name"
        assert len(service.items) == 1


async def test_what_is_judged_is_what_is_connected_to() -> None:
    with chirpstack() as service:
        port = service.url.rpartition(":")[2]
        sender = ChirpStackSender(policy(), Names("127.0.0.1"), "")
        for url in (f"https://rebinds.example.org:{port}", "https://rebinds.example.org", service.url, "http://example.org"):
            assert isinstance(await sender.send(ChirpStackApi(url=url, token="t"), DOWNLINK), Refused), url
        assert await send(f"http://localhost:{port}", names=Names("127.0.0.1", "10.0.0.1")) == Accepted(service.ids[0])
        assert isinstance(await send(service.url, names=Names()), NotAccepted)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.NOT_FOUND, Refused),
        (grpc.StatusCode.PERMISSION_DENIED, Refused),
        (grpc.StatusCode.INVALID_ARGUMENT, Refused),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, NotAccepted),
        (grpc.StatusCode.INTERNAL, NotAccepted),
        (grpc.StatusCode.UNAVAILABLE, Unconfirmed),
    ],
)
async def test_what_each_answer_means(code: grpc.StatusCode, kind: type[Outcome]) -> None:
    with chirpstack() as service:
        service.fails = (code, "because " + "x" * 1_000)
        found = await send(service.url)
        assert isinstance(found, kind)
        assert not isinstance(found, Accepted)
        assert found.reason.startswith(f"ChirpStack answers {code.name}: because")
        assert len(found.reason) < 300


@pytest.mark.parametrize("token", [None, "line\nbreak", "Ümlaut"])
async def test_a_token_that_cannot_be_shown_is_not(token: str | None) -> None:
    assert isinstance(await send("http://127.0.0.1:1", token), Refused)


async def test_a_server_that_is_no_grpc_server_was_asked_or_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs up before gRPC is spoken took nothing."""
    monkeypatch.setattr("penstock.adapters.downlinks.chirpstack.CONNECT_S", 1.0)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        assert isinstance(await send(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"), NotAccepted)
