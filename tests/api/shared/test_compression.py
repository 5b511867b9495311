"""Gzip both ways: answers for those who ask for it, bodies from those who send it, on every operation of the table."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from penstock.api.shared.compression import INLINE_BYTES, MIN_BYTES, accepts_gzip, compressed, shrinks
from penstock.kit.operation import Operation
from tests.security.calls import request_for
from tests.security.holding import Holding, make_holding
from tests.security.table import name_of, operations
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org

BODIES = [operation for operation in operations() if operation.body is not None]
READS = [operation for operation in operations() if operation.method == "GET" and operation.status == 200]
READINGS = 300


@pytest.fixture(scope="module")
def front(in_process: InProcessServer) -> Iterator[httpx.Client]:
    """A client that asks for nothing but what a test says."""
    with in_process.socket_client() as client:
        del client.headers["accept-encoding"]
        yield client


@pytest.fixture(scope="module")
def acme(in_process: InProcessServer) -> Org:
    return in_process.orgs["Acme"]


@pytest.fixture(scope="module")
def held(front: httpx.Client, acme: Org) -> Holding:
    return make_holding(front, acme, "zipped")


@pytest.fixture(scope="module")
def path_of_many(front: httpx.Client, acme: Org) -> str:
    """A device with enough readings for an answer of many pieces."""
    device_id = front.post("/api/v2/devices", json={"name": "many"}, headers=acme.headers()).json()["device"]["id"]
    path = f"/api/v2/devices/{device_id}/telemetry"
    rows = [{"data": {"n": number}} for number in range(READINGS)]
    assert front.post(path, json=rows, headers=acme.headers()).status_code == 201
    return path


def scope(accepted: str | None) -> Any:
    return {"headers": [] if accepted is None else [(b"accept-encoding", accepted.encode())]}


def get(client: httpx.Client, target: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
    """An answer, with its body as it came."""
    with client.stream("GET", target, headers=headers) as answer:
        endless = answer.headers.get("content-type", "").startswith("text/event-stream")
        return answer, b"" if endless else b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("*", True),
        ("br, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("gzip;q=0, *", False),
        ("br", False),
        ("identity", False),
    ],
)
def test_a_caller_says_whether_it_takes_gzip(accepted: str | None, expected: bool) -> None:
    assert accepts_gzip(scope(accepted)) is expected


@pytest.mark.parametrize("size", [0, MIN_BYTES, INLINE_BYTES, INLINE_BYTES + 1, 1_000_000])
async def test_what_is_compressed_comes_back(size: int) -> None:
    assert gzip.decompress(await compressed(b"x" * size)) == b"x" * size


def test_only_what_shrinks_is_compressed() -> None:
    assert all(map(shrinks, (b"application/json", b"application/x-ndjson", b"text/csv; charset=utf-8", b"text/html")))
    assert not any(map(shrinks, (b"application/pdf", b"application/gzip", b"text/event-stream", b"")))


@for_each(READS, name_of)
def test_a_large_answer_is_compressed_for_those_who_ask(operation: Operation, front: httpx.Client, held: Holding) -> None:
    request = request_for(operation, held)
    answer, body = get(front, request.target, request.headers)
    assert "content-encoding" not in answer.headers
    again, zipped = get(front, request.target, request.headers | {"Accept-Encoding": "gzip"})
    assert again.status_code == answer.status_code
    if answer.status_code == 204 and operation.path.endswith("/next"):  # nothing arrived while the call waited
        assert (body, zipped, "content-encoding" in again.headers) == (b"", b"", False)
        return
    known_length = "content-length" in answer.headers
    if not shrinks(answer.headers["content-type"].encode()) or (known_length and len(body) < MIN_BYTES):
        assert "content-encoding" not in again.headers
        return
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "Accept-Encoding" in again.headers["vary"]
    assert again.headers["content-encoding"] == "gzip"
    assert len(gzip.decompress(zipped)) > 0
    if known_length:
        assert int(again.headers.get("content-length", len(zipped))) == len(zipped)


@pytest.mark.parametrize("query", ["/export?format=csv", "/export?format=ndjson", "?limit=300", ""])
def test_a_compressed_answer_holds_the_same(query: str, front: httpx.Client, acme: Org, path_of_many: str) -> None:
    _, body = get(front, path_of_many + query, acme.headers())
    answer, zipped = get(front, path_of_many + query, acme.headers() | {"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    found = gzip.decompress(zipped)
    if "export" in query:
        assert found == body
    else:
        assert json.loads(found)["data"] == json.loads(body)["data"]  # the range ends now
    assert len(zipped) < len(body) / 2


def test_an_event_stream_is_never_compressed(front: httpx.Client, acme: Org) -> None:
    answer, _ = get(front, "/api/v2/streams/sse", acme.headers() | {"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_a_compressed_answer_has_a_tag_of_its_own_that_holds_for_a_change(front: httpx.Client, acme: Org) -> None:
    long = {"name": "long", "description": "d" * 1_000, "settings": {"s": "t" * 500}}
    device_id = front.post("/api/v2/devices", json=long, headers=acme.headers()).json()["device"]["id"]
    path = f"/api/v2/devices/{device_id}"
    plain, _ = get(front, path, acme.headers())
    zipped, _ = get(front, path, acme.headers() | {"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    tag = zipped.headers["etag"]
    assert tag != plain.headers["etag"]
    assert get(front, path, acme.headers() | {"If-None-Match": tag, "Accept-Encoding": "gzip"})[0].status_code == 304
    changed_name = front.patch(path, json={"name": "renamed"}, headers=acme.headers() | {"If-Match": tag})
    assert changed_name.status_code == 200


@for_each(BODIES, name_of)
def test_a_gzip_body_is_read_as_what_it_holds(operation: Operation, front: httpx.Client, held: Holding) -> None:
    """The content is no JSON, so that nothing changes: the error is about the content, or about the coding."""
    request = request_for(operation, held)
    limit = operation.max_body_bytes

    def told(body: bytes, coding: str) -> tuple[int, str]:
        headers = {"Content-Type": "application/json"} | request.headers | ({"Content-Encoding": coding} if coding else {})
        answer = front.request(request.method, request.target, content=body, headers=headers)
        return answer.status_code, answer.text.partition("request_id")[0]

    plain = told(b"[1", "")
    assert plain[0] == 400
    assert told(gzip.compress(b"[1"), "gzip") == plain
    assert told(gzip.compress(b"[1"), "X-GZIP") == plain
    for coding in ("br", "deflate", "zstd"):
        status, text = told(b"{}", coding)
        assert (status, coding in text) == (415, True), (coding, status, text)
    assert told(b"{}", "gzip")[0] == 400
    assert told(gzip.compress(b"{}")[:-3], "gzip")[0] == 400
    assert told(gzip.compress(b" " * (limit + 1)), "gzip")[0] == 413


def test_a_gzip_body_is_taken(front: httpx.Client, acme: Org, held: Holding) -> None:
    body = json.dumps([{"data": {"n": number}} for number in range(50)]).encode()
    headers = acme.headers() | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = front.post(f"/api/v2/devices/{held.device_id}/telemetry", content=gzip.compress(body), headers=headers)
    assert (answer.status_code, answer.json()["accepted"]) == (201, 50)

    def pieces() -> Iterator[bytes]:
        zipped = gzip.compress(json.dumps({"name": "sent in pieces"}).encode())
        for at in range(0, len(zipped), 7):
            yield zipped[at : at + 7]

    made = front.post("/api/v2/devices", content=pieces(), headers=headers)
    assert (made.status_code, made.json()["device"]["name"]) == (201, "sent in pieces")
