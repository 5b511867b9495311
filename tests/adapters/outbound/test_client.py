"""The outgoing client against real sockets and hostile answers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from penstock.adapters.outbound.client import GuardedHttp
from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.errors import CallFailed, TargetRefused
from penstock.core.outbound.ports import OutgoingCall
from penstock.core.outbound.targets import TargetPolicy
from tests.support.authority import Authority
from tests.support.waiting import CEILING_S

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def config(*allowed: str, timeout_s: float = CEILING_S, ca_file: str = "") -> OutboundConfig:
    return OutboundConfig(
        allowed_targets=allowed,
        ports=(80, 443),
        plain_http=True,
        connect_timeout_s=timeout_s,
        timeout_s=timeout_s,
        max_response_bytes=65_536,
        max_connections=10,
        ca_file=ca_file,
    )


class Names:
    """A name server of the test's own: each question takes the next answer, the last one stays."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return [self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]]


class Receiver:
    """A server whose connections do what the test says; `heard` is what came first on each."""

    def __init__(self, talk: Talk) -> None:
        self.heard: list[bytes] = []
        self.names: list[str | None] = []
        self.port = 0
        self._talk = talk

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heard.append(await reader.readuntil(b"\r\n\r\n"))
            await self._talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def saying(answer: bytes) -> Talk:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return talk


@asynccontextmanager
async def receiving(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver(talk)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


def client(settings: OutboundConfig, names: Names | None = None) -> GuardedHttp:
    return GuardedHttp(settings, TargetPolicy(settings), names or Names("127.0.0.1"))


async def test_a_call_reaches_its_target_with_headers_and_body() -> None:
    async with receiving(saying(OK)) as receiver, client(config("127.0.0.0/8")) as http:
        url = f"http://127.0.0.1:{receiver.port}/in?a=b"
        answer = await http.send(OutgoingCall(url=url, headers=(("X-One", "1"),), body=b"{}"))
    assert (answer.status, answer.body, answer.cut) == (200, b"ok", False)
    first = receiver.heard[0]
    assert first.startswith(b"POST /in?a=b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{receiver.port}\r\n".encode() in first
    assert b"X-One: 1\r\n" in first
    assert b"Content-Length: 2\r\n" in first


async def test_what_is_judged_is_what_is_connected_to() -> None:
    """A name server that answers with a public address first and with ours next: it is asked once for a connection."""
    async with receiving(saying(OK)) as receiver:
        names = Names("127.0.0.1", "10.0.0.1")
        async with client(config("127.0.0.0/8", "rebinds.example.org"), names) as http:
            answer = await http.send(OutgoingCall(url=f"http://rebinds.example.org:{receiver.port}/"))
        assert answer.status == 200
        assert names.asked == ["rebinds.example.org"]
        assert f"Host: rebinds.example.org:{receiver.port}\r\n".encode() in receiver.heard[0]


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "fe80::1%lo"])
async def test_a_name_that_leads_inside_is_not_connected_to(address: str) -> None:
    async with receiving(saying(OK)) as receiver:
        settings = msgspec.structs.replace(config(), ports=(receiver.port,))
        async with client(settings, Names(address)) as http:
            with pytest.raises(TargetRefused):
                await http.send(OutgoingCall(url=f"http://innocent.example.org:{receiver.port}/"))
    assert receiver.heard == []


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    async with receiving(saying(OK)) as inside:
        away = f"HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:{inside.port}/\r\ncontent-length: 0\r\n\r\n"
        async with receiving(saying(away.encode())) as receiver, client(config("127.0.0.0/8")) as http:
            answer = await http.send(OutgoingCall(url=f"http://127.0.0.1:{receiver.port}/"))
    assert answer.status == 307
    assert inside.heard == []


async def endless_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def endless_header(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nx: ")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def flood_of_continues(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        await writer.drain()


async def a_byte_now_and_then(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def test_an_endless_body_is_cut() -> None:
    async with receiving(endless_body) as receiver, client(config("127.0.0.0/8")) as http:
        answer = await http.send(OutgoingCall(url=f"http://127.0.0.1:{receiver.port}/"))
    assert (answer.status, len(answer.body), answer.cut) == (200, 65_536, True)


@pytest.mark.parametrize("talk", [endless_header, flood_of_continues, a_byte_now_and_then])
async def test_a_hostile_answer_ends(talk: Talk) -> None:
    async with receiving(talk) as receiver, client(config("127.0.0.0/8", timeout_s=0.5)) as http:
        with pytest.raises(CallFailed):
            await http.send(OutgoingCall(url=f"http://127.0.0.1:{receiver.port}/"))


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", b"HTTP/1.1 200 OK\r\nbad"]
)
async def test_an_answer_that_breaks_off_is_none(answer: bytes) -> None:
    async with receiving(saying(answer)) as receiver, client(config("127.0.0.0/8")) as http:
        with pytest.raises(CallFailed):
            await http.send(OutgoingCall(url=f"http://127.0.0.1:{receiver.port}/"))


async def test_nobody_there() -> None:
    async with client(config("127.0.0.0/8")) as http:
        with pytest.raises(CallFailed) as failed:
            await http.send(OutgoingCall(url="http://127.0.0.1:1/"))
    assert "127.0.0.1" not in failed.value.detail


async def test_the_certificate_is_verified_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.pair("hooks", "hooks.example.org")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(pair.certificate, pair.key)
    (tmp_path / "ca.pem").write_bytes(authority.certificate)
    settings = config("hooks.example.org", "other.example.org", ca_file=str(tmp_path / "ca.pem"))
    async with receiving(saying(OK), tls) as receiver, client(settings, Names("127.0.0.1")) as http:
        answer = await http.send(OutgoingCall(url=f"https://hooks.example.org:{receiver.port}/"))
        assert answer.status == 200
        with pytest.raises(CallFailed, match="certificate"):
            await http.send(OutgoingCall(url=f"https://other.example.org:{receiver.port}/"))
    async with receiving(saying(OK), tls) as receiver, client(config("hooks.example.org"), Names("127.0.0.1")) as http:
        with pytest.raises(CallFailed, match="certificate"):
            await http.send(OutgoingCall(url=f"https://hooks.example.org:{receiver.port}/"))


async def test_a_call_shows_none_of_what_it_carries() -> None:
    shown = repr(OutgoingCall(url="https://example.org/", headers=(("Authorization", "Bearer s3cret"),), body=b"s3cret"))
    assert "s3cret" not in shown
