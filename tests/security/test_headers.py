"""What every answer says to browsers and caches, from the operation table: a new operation joins by being written."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from http import HTTPStatus

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.security.calls import Answer, changed, request_for, send
from tests.security.holding import Holding, MakeHolding
from tests.security.table import answered, each, name_of, operations, reads
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org

CREDENTIAL = re.compile(r"\b(?:psk|tok|tkt)_[0-9A-Za-z_-]{20,}")
WITHOUT_WEBSOCKETS = [operation for operation in operations() if operation.status != HTTPStatus.SWITCHING_PROTOCOLS]
PAGES = [operation for operation in operations() if operation.media_type.startswith("text/html")]
READS = [operation for operation in WITHOUT_WEBSOCKETS if operation in reads()]


@pytest.fixture(scope="module")
def front(server: InProcessServer) -> Iterator[httpx.Client]:
    """A client that comes through the front door, whose headers are among those looked at."""
    with server.socket_client() as client:
        yield client


@pytest.fixture(scope="module")
def fresh(new_holding: MakeHolding, acme: Org) -> Holding:
    """Things whose secrets can be read: those of other tests may have lost their keys to a call that destroys them."""
    return new_holding(acme, "headers")


def check_headers(operation: Operation, answer: Answer) -> None:
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in answer.headers  # this server speaks plain HTTP
    assert not {"server", "x-powered-by", "via"} & answer.headers.keys()
    assert "access-control-allow-origin" not in answer.headers
    if operation.surface != "system" and CREDENTIAL.search(answer.text):  # the documentation shows examples
        assert answer.headers["cache-control"] == "no-store"


@for_each(answered(READS), name_of)
def test_an_answer_says_how_it_is_to_be_read(operation: Operation, front: httpx.Client, fresh: Holding) -> None:
    answer = send(front, request_for(operation, fresh))
    assert answer.status < 400, answer
    check_headers(operation, answer)


@pytest.mark.prove
@for_each(answered(operation for operation in WITHOUT_WEBSOCKETS if operation not in READS), name_of)
def test_the_answer_to_a_change_says_it_too(
    operation: Operation, front: httpx.Client, acme: Org, new_holding: MakeHolding
) -> None:
    answer = send(front, request_for(operation, new_holding(acme, "own", operation)))
    assert answer.status < 400, answer
    check_headers(operation, answer)


@for_each(WITHOUT_WEBSOCKETS, name_of)
def test_so_does_a_refusal(operation: Operation, front: httpx.Client, theirs: Holding) -> None:
    for request in (
        changed(request_for(operation, theirs), headers={}, body=b"{" if operation.body is not None else None),
        changed(request_for(operation, theirs), method="TRACE"),
        changed(request_for(operation, theirs), path=operation.path.partition("{")[0] + "/nowhere/at/all"),
    ):
        check_headers(operation, send(front, request))


def test_an_answer_that_shows_a_credential_may_not_be_kept(front: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    """There are such answers: else the look for `no-store` would look at nothing."""
    holding, shown = new_holding(acme, "shown"), set()
    for operation in each(with_scope=True):
        if operation.method == "POST" and operation.status == 201:
            answer = send(front, request_for(operation, holding))
            check_headers(operation, answer)
            if CREDENTIAL.search(answer.text):
                shown.add(name_of(operation))
    assert {"POST /api/v2/devices", "POST /api/v2/keys", "POST /api/v2/streams/tickets"} <= shown


@for_each(PAGES, name_of)
def test_a_page_runs_nothing_of_others_and_stands_in_no_frame(operation: Operation, front: httpx.Client) -> None:
    policy = dict(part.strip().split(" ", 1) for part in front.get(operation.path).headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in policy["script-src"]


def test_pages_are_among_the_operations() -> None:
    assert {operation.path for operation in PAGES} >= {"/docs", "/redoc"}


def test_what_the_front_door_refuses_says_it_too(server: InProcessServer) -> None:
    host, port = server.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        answer = connection.makefile("rb").read().lower()
    assert answer.startswith(b"http/1.1 400 ")
    assert b"\r\nx-content-type-options: nosniff\r\n" in answer
    assert b"\r\nserver:" not in answer
