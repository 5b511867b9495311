"""HEAD, OPTIONS and 405 on every path, and the targets that name the whole server or a host."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http import HTTPStatus

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.security.calls import changed, request_for, send
from tests.security.holding import Holding, make_holding
from tests.security.table import name_of, operations
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer

READS = [operation for operation in operations() if operation.method == "GET"]
PATHS = list({operation.path: operation for operation in operations()}.values())
VARIES = {"content-length", "transfer-encoding", "x-range-from", "x-range-to"}
"""What may differ between two calls: a response without a length has none to a HEAD either, and chunks only to a GET; the range
of a file ends now."""


@pytest.fixture(scope="module")
def front(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.socket_client() as client:
        yield client


@pytest.fixture(scope="module")
def held(in_process: InProcessServer, front: httpx.Client) -> Holding:
    return make_holding(front, in_process.orgs["Acme"], "headed")


def raw(server: InProcessServer, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """The answer to a request as it stands, on a connection that ends after it."""
    host, port = server.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request + b"\r\nConnection: close\r\n\r\n")
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(status.split(" ")[1]), headers, body


@for_each(READS, name_of)
def test_a_head_is_a_get_without_its_body(operation: Operation, front: httpx.Client, held: Holding) -> None:
    plain = changed(request_for(operation, held), upgrade=False)
    wanted, found = send(front, plain), send(front, changed(plain, method="HEAD"))
    assert (found.status, found.body) == (wanted.status, b"")
    assert {**found.headers, **dict.fromkeys(VARIES, "")} == {**wanted.headers, **dict.fromkeys(VARIES, "")}
    assert "x-request-id" in front.head(plain.target, headers=plain.headers).headers


def test_a_head_tells_the_length_that_a_get_has(in_process: InProcessServer) -> None:
    request = b"%b /health HTTP/1.1\r\nHost: a"
    _, headers, body = raw(in_process, request % b"GET")
    _, of_head, no_body = raw(in_process, request % b"HEAD")
    assert (int(headers["content-length"]), no_body) == (len(body), b"")
    assert of_head["content-length"] == headers["content-length"]


def test_a_connection_is_used_further_after_a_head(front: httpx.Client) -> None:
    for path in ("/health", "/docs", "/docs/static/redoc/redoc.standalone.js", "/nowhere"):
        assert (front.head(path).content, front.get("/ping").status_code) == (b"", 200)


@for_each(PATHS, name_of)
def test_a_path_tells_its_methods(operation: Operation, front: httpx.Client, held: Holding) -> None:
    path = request_for(operation, held).path
    allowed = {one.method for one in operations() if one.path == operation.path}
    allowed |= {"OPTIONS"} | ({"HEAD"} if "GET" in allowed else set())
    answer = front.options(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert set(answer.headers["allow"].split(", ")) == allowed
    assert "x-request-id" in answer.headers
    refused = front.request("TRACE", path)
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == allowed


def test_options_of_the_server_is_answered(in_process: InProcessServer) -> None:
    status, headers, body = raw(in_process, b"OPTIONS * HTTP/1.1\r\nHost: a")
    assert (status, body) == (204, b"")
    assert {"GET", "HEAD", "OPTIONS", "POST"} <= set(headers["allow"].split(", "))
    assert "x-request-id" in headers


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        (b"http://a/health", b"a", 200),
        (b"http://a:80/health", b"a", 200),
        (b"HTTP://A/health?x=y", b"a", 200),
        (b"https://a/health", b"a", 200),
        (b"http://a/health", b"another", 200),
        (b"http://a", b"a", 200),
        (b"http://[::1]:8080/health", b"localhost", 200),
        (b"http://a/nowhere", b"a", 404),
        (b"http://user@a/health", b"a", 400),
        (b"ftp://a/health", b"a", 400),
        (b"health", b"a", 400),
    ],
)
def test_a_target_can_name_the_host(target: bytes, host: bytes, status: int, in_process: InProcessServer) -> None:
    assert raw(in_process, b"GET %b HTTP/1.1\r\nHost: %b" % (target, host))[0] == status


def test_a_path_for_sockets_says_so(front: httpx.Client, held: Holding) -> None:
    for operation in operations():
        if operation.status == HTTPStatus.SWITCHING_PROTOCOLS:
            assert front.get(operation.path, headers=held.org.headers()).json()["errors"][0]["field"] == "Upgrade"
            assert front.post(operation.path, headers=held.org.headers()).status_code == 405
