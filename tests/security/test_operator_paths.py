"""What shows the inside of the server, by every spelling of every path, from a socket: only the operator sees it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.security.table import operations
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import RunningServer, running_server

TOKEN = "a-token-of-the-operator"
INSIDE = (b"# HELP penstock_", b"# HELP process_", b"# TYPE python_gc")
"""What only metrics contain."""
SYSTEM = sorted({one.path for one in operations() if one.surface == "system" and one.path.strip("/") and "{" not in one.path})
FORWARDED = ["X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1", "Via: 1.1 proxy"]
REWRITING = ["X-Original-URL: {path}", "X-Rewrite-URL: {path}", "X-HTTP-Method-Override: GET", "X-Forwarded-Prefix: {path}"]


def spellings(path: str) -> Iterator[str]:
    """The targets of a request that some server somewhere takes for this path."""
    first, name = path[1], path[1:]
    yield from (path, f"/{path}", f"//{path}", f"{path}/", f"{path}//", f"/.{path}", f"/x/..{path}", f"/%2e{path}", f"{path}/.")
    yield from (f"/%{ord(first):02x}{name[1:]}", f"/%{ord(first):02X}{name[1:]}", f"/%2f{name}", f"/%252f{name}", f"%2f{name}")
    yield from (path.upper(), path.title(), f"{path};x", f"{path};/..", f"{path}%00", f"{path}%20", f"{path}%3f", f"{path}%23")
    yield from (f"{path}?x=1", f"{path}?", f"{path}.json", f"/api/v2{path}", f"/v1/..{path}", f"\\{name}", f"/\\{name}")
    yield from (f"http://localhost{path}", f"http://evil.example{path}", f"HTTP://localhost/{path}", f"https://x@localhost{path}")
    yield f"/{''.join(f'%{ord(one):02x}' for one in name)}"


def ask(server: str, target: str, *headers: str, host: str = "localhost") -> bytes:
    """The whole answer to a request whose target is sent as it is."""
    parts = urlsplit(server)
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]
    with socket.create_connection((parts.hostname, parts.port), 30) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def shows_the_inside(answer: bytes) -> bool:
    return any(mark in answer for mark in INSIDE)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose metrics have a token."""
    with running_server(tmp_path_factory.mktemp("locked") / "data", environment={"PENSTOCK_METRICS_TOKEN": TOKEN}) as server:
        yield server


@for_each((path, target) for path in SYSTEM for target in spellings(path))
def test_no_spelling_shows_the_inside_to_strangers(case: tuple[str, str], server: InProcessServer, locked: RunningServer) -> None:
    path, target = case
    if not target.lower().startswith("http://localhost"):  # such a target names the host itself, whatever `Host` says
        assert not shows_the_inside(ask(server.base_url, target, host="evil.example"))
    for header in FORWARDED:
        assert not shows_the_inside(ask(server.base_url, target, header)), header
    for header in ("X: x", *REWRITING, f"Authorization: Bearer {TOKEN}x", "Authorization: Basic eDp4"):
        assert not shows_the_inside(ask(locked.base_url, target, header.format(path=path))), header


def test_rewriting_headers_change_no_path(server: InProcessServer) -> None:
    for header in REWRITING:
        assert not shows_the_inside(ask(server.base_url, "/ping", header.format(path="/metrics"))), header


def test_the_operator_sees_them(server: InProcessServer, locked: RunningServer) -> None:
    assert shows_the_inside(ask(server.base_url, "/metrics"))
    refused = ask(locked.base_url, "/metrics")
    assert refused.startswith(b"HTTP/1.1 401")
    assert b"auth.credential_missing" in refused
    assert shows_the_inside(ask(locked.base_url, "/metrics", f"Authorization: Bearer {TOKEN}", "X-Forwarded-For: 192.0.2.1"))


def test_a_listener_of_its_own_takes_them_from_the_other_port(tmp_path: Path) -> None:
    port = free_port()
    with running_server(tmp_path / "data", args=("--metrics", f"127.0.0.1:{port}")) as server:
        inside = f"http://127.0.0.1:{port}"
        assert shows_the_inside(ask(inside, "/metrics"))
        assert b'"status":"ok"' in ask(inside, "/ready")
        for path in ("/openapi.json", "/api/v2/me", "//metrics"):
            assert ask(inside, path).startswith(b"HTTP/1.1 404"), path
        shown = [target for target in spellings("/metrics") if shows_the_inside(ask(server.base_url, target))]
        assert shown == []
        assert ask(server.base_url, "/metrics").startswith(b"HTTP/1.1 404")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
