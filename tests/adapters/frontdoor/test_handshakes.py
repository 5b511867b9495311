"""TLS at the door: versions, clients that never finish a handshake, places, and all that holds without TLS."""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import random
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from penstock.adapters.frontdoor.certificate import ServerCertificate
from penstock.adapters.frontdoor.config import FrontDoorConfig, TlsConfig
from penstock.adapters.frontdoor.server import listen, serve
from penstock.kit.clock import SystemClock
from tests.support.authority import Authority, Pair
from tests.support.tls_websocket import tls_websocket
from tests.support.waiting import CEILING_S

from .probe import PIECE, Probe
from .running import Client, Running, eventually, running

OLD = pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
HANDSHAKE_S = 0.5
"""Not the sweeper, but the event loop itself ends a handshake, so that this time truly passes."""
PLACES = 8
HASTY = FrontDoorConfig(header_timeout_s=HANDSHAKE_S, max_idle_per_address=PLACES)
DEADLINE_S = 10.0
SWEPT = FrontDoorConfig(header_timeout_s=DEADLINE_S, keep_alive_timeout_s=DEADLINE_S, write_stall_timeout_s=DEADLINE_S)
PATIENT = FrontDoorConfig(header_timeout_s=3600, keep_alive_timeout_s=3600, max_idle_per_address=PLACES)


class Site:
    """A door with TLS, its certificate and who signed it."""

    def __init__(self, at: Running, authority: Authority, pair: Pair, certificate: ServerCertificate) -> None:
        self.port = at.port
        self.pass_time = at.pass_time
        self.probe = at.probe
        self.authority = authority
        self.pair = pair
        self.certificate = certificate
        self.url = f"https://127.0.0.1:{at.port}"

    def client(self, **options: Any) -> Client:
        return Client(self.port, tls=self.authority.trusting(), **options)


def serving(folder: Path, limits: FrontDoorConfig, min_version: Any = "1.2") -> Iterator[Site]:
    authority = Authority(folder)
    pair = authority.pair()
    config = TlsConfig(certificate=str(pair.certificate), key=str(pair.key), min_version=min_version)
    certificate = ServerCertificate(config, SystemClock())
    with running(limits, held=True, certificate=certificate) as at:
        yield Site(at, authority, pair, certificate)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from serving(tmp_path_factory.mktemp("tls"), FrontDoorConfig(header_timeout_s=3600, max_idle_per_address=1000))


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Site]:
    yield from serving(tmp_path, HASTY)


@pytest.fixture
def swept(tmp_path: Path) -> Iterator[Site]:
    yield from serving(tmp_path, SWEPT)


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Site]:
    yield from serving(tmp_path, PATIENT)


@pytest.fixture
def modern(tmp_path: Path) -> Iterator[Site]:
    yield from serving(tmp_path, PATIENT, "1.3")


def lowered(context: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    """The same context, with which an old version is spoken."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = version
    return context


def spoken(site: Site, version: ssl.TLSVersion) -> str | None:
    """What is spoken with a client that knows this version only."""
    context = lowered(site.authority.trusting(), version)
    context.maximum_version = version
    with Client(site.port, tls=context) as client:
        assert client.get("/x").body == b"/x"
        assert isinstance(client.socket, ssl.SSLSocket)
        return client.socket.version()


@OLD
def test_only_the_newer_versions_are_spoken(site: Site) -> None:
    assert spoken(site, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert spoken(site, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            spoken(site, old)


@OLD
def test_it_is_the_setting_that_refuses_an_old_version(patient: Site) -> None:
    """Without it this machine and this client would speak TLS 1.1."""
    lowered(patient.certificate.context, ssl.TLSVersion.TLSv1_1)
    assert spoken(patient, ssl.TLSVersion.TLSv1_1) == "TLSv1.1"


def test_the_oldest_version_is_a_setting(modern: Site) -> None:
    assert spoken(modern, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        spoken(modern, ssl.TLSVersion.TLSv1_2)


def test_clients_that_trust_the_authority_are_served_and_others_leave(site: Site) -> None:
    with httpx.Client(base_url=site.url, verify=site.authority.trusting()) as client:
        assert client.get("/x").text == "/x"
        assert client.post("/y", content=PIECE * 20).content == PIECE * 20
        assert client.get("/large").content == PIECE * 300
        assert client.get("/stream").text == "one,two"
    with httpx.Client(base_url=site.url) as stranger, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        stranger.get("/x")
    assert [scope["scheme"] for scope in site.probe.scopes] == ["https"] * len(site.probe.scopes)


def test_nothing_but_http_1_1_is_offered(site: Site) -> None:
    context = site.authority.trusting()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with Client(site.port, tls=context) as client:
        assert isinstance(client.socket, ssl.SSLSocket)
        assert client.socket.selected_alpn_protocol() == "http/1.1"


def test_websockets_work(site: Site) -> None:
    url = f"wss://127.0.0.1:{site.port}/live"
    with tls_websocket(url, site.authority.trusting(), compression=None) as live:
        for text in ("one", "x" * 60_000):
            live.send(text)
            assert live.recv() == text
    assert site.probe.scopes[-1]["scheme"] == "wss"


def test_plain_http_is_no_handshake(site: Site) -> None:
    with Client(site.port) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"HTTP" not in client.rest()


@pytest.mark.parametrize("begin", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "half a hello"])
def test_a_handshake_that_is_never_finished_is_cut(begin: bytes, hasty: Site) -> None:
    began = time.monotonic()
    with Client(hasty.port) as client:
        client.send(begin)
        assert client.rest() == b""
    assert time.monotonic() - began > HANDSHAKE_S * 0.9


def hello() -> bytes:
    """What a client begins with."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def test_a_handshake_that_comes_byte_by_byte_is_cut(hasty: Site) -> None:
    began = time.monotonic()
    with Client(hasty.port) as client, pytest.raises(ConnectionError):  # noqa: PT012
        for byte in itertools.chain(hello()[:-1], itertools.repeat(0)):
            client.open_after(0.01)
            client.send(bytes([byte]))
            assert time.monotonic() - began < CEILING_S
    assert time.monotonic() - began > HANDSHAKE_S * 0.9


def test_others_are_served_beside_handshakes_that_come_byte_by_byte(site: Site) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(Client(site.port)) for _ in range(100)]
        for byte in hello()[:10]:
            for client in slow:
                client.send(bytes([byte]))
            with site.client() as other:
                assert other.get("/other").body == b"/other"
        assert all(client.open_after(0.001) for client in slow)


def test_nonsense_instead_of_a_handshake_is_survived(site: Site) -> None:
    chance = random.Random(20261121)
    beginnings = [b"", b"\x16\x03\x01", hello()[:40], hello()]
    for _ in range(200):
        with Client(site.port) as client:
            client.send(chance.choice(beginnings) + chance.randbytes(chance.randrange(1, 600)))
            client.socket.shutdown(socket.SHUT_WR)
            client.rest()
    with site.client() as client:
        assert client.get("/x").body == b"/x"


def test_a_finished_handshake_gives_the_whole_time_for_a_header(swept: Site) -> None:
    with Client(swept.port) as client:
        swept.pass_time(DEADLINE_S * 0.6)
        client.socket = swept.authority.trusting().wrap_socket(client.socket, server_hostname="127.0.0.1")
        swept.pass_time(DEADLINE_S * 0.6)
        assert client.get("/late").body == b"/late"
        swept.pass_time(DEADLINE_S * 1.5)
        assert client.rest() == b""


def test_unfinished_handshakes_take_places_and_give_them_back(patient: Site) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(Client(patient.port)) for _ in range(PLACES)]
        with Client(patient.port) as ninth:
            assert ninth.rest() == b""
        assert all(client.open_after(0.001) for client in held)
        for client in held[4:]:
            client.socket.close()
        assert eventually(lambda: is_served(patient))
        for client in held[:4]:
            client.send(b"no handshake")
            client.rest()
        for _ in range(20):
            assert eventually(lambda: is_served(patient))


def test_places_of_handshakes_that_were_cut_are_given_back(hasty: Site) -> None:
    with ExitStack() as stack:
        for client in [stack.enter_context(Client(hasty.port)) for _ in range(PLACES)]:
            assert client.rest() == b""
        assert eventually(lambda: is_served(hasty))


def is_served(site: Site) -> bool:
    try:
        with site.client() as client:
            return client.get("/x").status == 200
    except (OSError, EOFError):
        return False


def test_slow_clients_are_cut_behind_tls_too(swept: Site) -> None:
    with swept.client() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
        swept.pass_time(DEADLINE_S * 1.5)
        assert client.answer().problem["code"] == "http.timeout"
        assert client.rest() == b""
    with swept.client(receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        swept.pass_time(DEADLINE_S * 3)
        assert eventually(lambda: swept.probe.cut == ["/endless"])


def test_a_refusal_reaches_a_client_that_is_still_sending(site: Site) -> None:
    with site.client() as client:
        client.send(b"GET /" + b"x" * 60_000 + b" HTTP/1.1\r\n")
        assert client.answer().problem["code"] == "http.target_too_long"
        assert client.rest() == b""


def test_a_new_certificate_is_for_new_connections(site: Site) -> None:
    before = serial(site)
    with site.client() as client, tls_websocket(f"wss://127.0.0.1:{site.port}/live", site.authority.trusting()) as live:
        assert client.get("/x").status == 200
        site.pair.write(site.authority.leaf())
        assert serial(site) == before
        site.certificate.reload()
        assert serial(site) != before
        assert client.get("/y").body == b"/y"
        live.send("still here")
        assert live.recv() == "still here"


def serial(site: Site) -> str:
    with site.client() as client:
        assert isinstance(client.socket, ssl.SSLSocket)
        shown = client.socket.getpeercert()
        assert shown is not None
        return str(shown["serialNumber"])


def test_the_end_does_not_wait_for_handshakes(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for site in serving(tmp_path, PATIENT):  # which would wait for an hour; its end is awaited for a minute
            for _ in range(5):
                stack.enter_context(Client(site.port))
            live = stack.enter_context(tls_websocket(f"wss://127.0.0.1:{site.port}/live", site.authority.trusting()))
        with pytest.raises(ConnectionClosed) as closed:
            live.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", site.port))


class OutOfFiles(socket.socket):
    """A listening socket of a process that may open no more files, for a while."""

    failures = 3

    def accept(self) -> tuple[socket.socket, Any]:
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return super().accept()


async def test_accepting_goes_on_when_there_are_files_again(tmp_path: Path) -> None:
    """On asyncio's own loop, for once."""
    authority = Authority(tmp_path)
    pair = authority.pair()
    certificate = ServerCertificate(TlsConfig(certificate=str(pair.certificate), key=str(pair.key)), SystemClock())
    (bound,) = listen("127.0.0.1", 0)
    listening = OutOfFiles(fileno=bound.detach())
    listening.setblocking(False)
    ready: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
    config = FrontDoorConfig()
    serving = asyncio.ensure_future(
        serve(Probe(), config=config, on_ready=ready.set_result, shutdown_grace_s=1, sockets=[listening], certificate=certificate)
    )
    (url,) = await asyncio.wait_for(ready, CEILING_S)
    async with httpx.AsyncClient(base_url=url, verify=authority.trusting(), timeout=CEILING_S) as client:
        assert (await client.get("/x")).text == "/x"
    assert listening.failures == 0
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
