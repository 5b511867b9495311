"""M8: small requests that are meant to cost much: each is refused within a second, and leaves nothing in memory."""

from __future__ import annotations

import gzip
import itertools
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.fuzz.conftest import Victims
from tests.security.calls import Answer, changed, check_error, request_for, send
from tests.security.holding import Holding
from tests.security.table import name_of, operations, wire_names
from tests.support.cases import for_each
from tests.support.server import RunningServer

MAX_CPU_SECONDS = 1.0
MAX_STAYS_BYTES = 30_000_000
MAX_PEAK_BYTES = 130_000_000
"""What 8 MiB of keys are while they are looked at: sixteen times their bytes."""
NDJSON = "application/x-ndjson"
WITH_BODY = [operation for operation in operations() if operation.body is not None]
# One of each size and reader; the others read their bodies in the same way, and have their turn in the long catalogue.
SIZES = list({(one.max_body_bytes, one.surface): one for one in WITH_BODY}.values())
ZEROS = b"\x00" * 50_000_000


def filled(head: bytes, parts: Callable[[int], bytes], tail: bytes, limit: int) -> bytes:
    """As many parts as fit into a body."""
    room = limit - len(head) - len(tail)
    found = bytearray()
    for number in itertools.count():
        part = parts(number)
        if len(found) + len(part) >= room:
            return head + bytes(found).rstrip(b",") + tail
        found += part
    raise AssertionError


def repeated(head: bytes, part: bytes, tail: bytes, limit: int) -> bytes:
    """The same with parts that are all alike."""
    room = limit - len(head) - len(tail)
    return head + (part * ((room - 1) // len(part))).rstrip(b",") + tail


BOMBS: dict[str, Callable[[int], bytes]] = {
    "arrays 100,000 deep": lambda _: b"[" * 100_000 + b"]" * 100_000,
    "arrays to the limit, never closed": lambda limit: b"[" * limit,
    "objects 100,000 deep": lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep inside data": lambda _: b'{"data":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "a million keys": lambda limit: filled(b"{", lambda n: b'"%x":0,' % n, b"}", min(limit, 12_000_000)),
    "a million keys in data": lambda limit: filled(b'{"data":{', lambda n: b'"%x":0,' % n, b"}}", limit),
    "a million equal keys": lambda limit: repeated(b"{", b'"a":0,', b"}", limit),
    "a million rows of nothing": lambda limit: repeated(b"[", b"{},", b"]", limit),
    "a million numbers": lambda limit: repeated(b"[", b"1,", b"]", limit),
    "a million empty arrays": lambda limit: repeated(b'{"data":[', b"[],", b"]}", limit),
    "an integer of 5,000 digits": lambda _: b'{"data":{"a":' + b"9" * 5_000 + b"}}",
    "an integer to the limit": lambda limit: b'{"data":{"a":' + b"9" * (limit - 20) + b"}}",
    "a float to the limit": lambda limit: b'{"data":{"a":0.' + b"9" * (limit - 20) + b"}}",
    "an exponent of 5,000 digits": lambda _: b'{"data":{"a":1e' + b"9" * 5_000 + b"}}",
    "5,000 long integers": lambda limit: repeated(b"[", b"9" * 5_000 + b",", b"]", min(limit, 5_000_000)),
    "escapes to the limit": lambda limit: repeated(b'["', b"\\u0041", b'"]', limit),
    "surrogate pairs to the limit": lambda limit: repeated(b'["', b"\\ud83d\\ude00", b'"]', limit),
    "colons to the limit": lambda limit: b'{"data":{"a":"' + b":" * (limit - 30) + b'"}}',
    "backslashes to the limit": lambda limit: b'{"data":{"a":"' + b"\\" * (limit - 30) + b'"}}',
    "white space to the limit": lambda limit: b"{" + b" " * (limit - 2) + b"}",
    "quotes": lambda limit: b'"' * (limit - 1),
}
LINES: dict[str, Callable[[int], bytes]] = {
    "a million short lines": lambda limit: b"1\n" * (limit // 2 - 1),
    "a million empty lines": lambda limit: b"\n" * (limit - 1),
    "a million carriage returns": lambda limit: b"\r" * (limit - 1),
    "20,000 good lines": lambda limit: b'{"data":{"a":1}}\n' * 20_000,
    "10,000 bad lines": lambda limit: b'{"data":{"a":NaN}}\n' * 10_000,
}
DEFLATED, GZIPPED = zlib.compress(ZEROS), gzip.compress(ZEROS)
ENCODED: dict[str, tuple[str, bytes]] = {
    "deflate": ("deflate", DEFLATED),
    "raw deflate": ("deflate", DEFLATED[2:-4]),
    "gzip": ("gzip", GZIPPED),
    "gzip twice": ("gzip, gzip", gzip.compress(GZIPPED)),
    "zstd by name": ("zstd", b"\x28\xb5\x2f\xfd" + b"\x00" * 100),
    "behind identity": ("identity, deflate", DEFLATED),
}


@pytest.fixture(scope="module")
def fuzzed(fuzzed_process: RunningServer) -> RunningServer:
    """A process of its own, as time and memory are the subject."""
    return fuzzed_process


class Watched:
    """Time and memory that a request costs the server, up to the moment at which it answers the next one."""

    def __init__(self, server: RunningServer, client: httpx.Client) -> None:
        self._server = server
        self._client = client

    def __enter__(self) -> Watched:
        self._before = self._server.rss_bytes()
        self._reset_peak()
        self._since = self._cpu()
        return self

    def __exit__(self, *_: object) -> None:
        # What a refused body became is freed after its answer is sent, which takes time as well.
        assert self._client.get("/ping").status_code == 200
        self.cpu_seconds = self._cpu() - self._since
        self.peak_bytes = self._peak() - self._before
        self.stays_bytes = self._server.rss_bytes() - self._before

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self._server.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _reset_peak(self) -> None:
        Path(f"/proc/{self._server.process.pid}/clear_refs").write_text("5")

    def _peak(self) -> int:
        status = Path(f"/proc/{self._server.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.parametrize("what", BOMBS)
@for_each(SIZES, name_of)
def test_a_bomb_costs_little(
    operation: Operation, what: str, client: httpx.Client, fuzzed: RunningServer, victims: Victims
) -> None:
    harmless(operation, BOMBS[what](operation.max_body_bytes), {}, client, fuzzed, victims.lasting(operation))


@pytest.mark.prove
@pytest.mark.parametrize("what", BOMBS)
@for_each(WITH_BODY, name_of)
def test_a_bomb_costs_little_everywhere(
    operation: Operation, what: str, client: httpx.Client, fuzzed: RunningServer, victims: Victims
) -> None:
    harmless(operation, BOMBS[what](operation.max_body_bytes), {}, client, fuzzed, victims.lasting(operation))


@pytest.mark.parametrize("what", LINES)
@for_each([one for one in WITH_BODY if NDJSON in one.body_types], name_of)
def test_a_bomb_of_lines_costs_little(
    operation: Operation, what: str, client: httpx.Client, fuzzed: RunningServer, victims: Victims
) -> None:
    body = LINES[what](operation.max_body_bytes)
    harmless(operation, body, {"Content-Type": NDJSON}, client, fuzzed, victims.lasting(operation))


@pytest.mark.parametrize("what", ENCODED)
@for_each(SIZES, name_of)
def test_a_compressed_body_is_not_unfolded(
    operation: Operation, what: str, client: httpx.Client, fuzzed: RunningServer, victims: Victims
) -> None:
    name, body = ENCODED[what]
    answer = harmless(operation, body, {"Content-Encoding": name}, client, fuzzed, victims.lasting(operation))
    assert answer.status == (413 if name == "gzip" else 415)


@for_each(SIZES, name_of)
def test_a_body_above_the_limit_is_refused(
    operation: Operation, client: httpx.Client, fuzzed: RunningServer, victims: Victims
) -> None:
    """By its length before it is read; without a length as soon as it is too long."""
    body = b"[" + b" " * operation.max_body_bytes + b"]"
    answer = harmless(operation, body, {}, client, fuzzed, victims.lasting(operation))
    assert answer.status == 413
    request = request_for(operation, victims.lasting(operation))
    pieces = (body[start : start + 60_000] for start in range(0, len(body), 60_000))
    headers = request.headers | {"Content-Type": "application/json"}
    response = client.request(operation.method, request.target, content=pieces, headers=headers)
    assert response.status_code == 413


@pytest.mark.prove
@for_each(WITH_BODY, name_of)
def test_a_body_is_limited_everywhere(
    operation: Operation, client: httpx.Client, fuzzed: RunningServer, victims: Victims
) -> None:
    for name, body in ENCODED.values():
        answer = harmless(operation, body, {"Content-Encoding": name}, client, fuzzed, victims.lasting(operation))
        assert answer.status == (413 if name == "gzip" else 415)
    body = b"[" + b" " * operation.max_body_bytes + b"]"
    assert harmless(operation, body, {}, client, fuzzed, victims.lasting(operation)).status == 413


def harmless(
    operation: Operation,
    body: bytes,
    headers: dict[str, str],
    client: httpx.Client,
    server: RunningServer,
    holding: Holding,
) -> Answer:
    """The refusal of a bomb, after its price was found to be right."""
    request = request_for(operation, holding)
    request = changed(request, body=body, headers=request.headers | headers)
    with Watched(server, client) as cost:
        answer = send(client, request)
    if cost.stays_bytes >= MAX_STAYS_BYTES:
        # A heap that grew once is no leak; what grows again is.
        with Watched(server, client) as cost:
            answer = send(client, request)
    takes_it = body.strip(b" {}") == b"" or not wire_names(operation.body)  # a hook takes what others send
    assert 400 <= answer.status < 500 or (answer.status < 300 and takes_it), answer
    if answer.status >= 400:
        check_error(answer, operation)
    assert cost.cpu_seconds < MAX_CPU_SECONDS
    assert cost.stays_bytes < MAX_STAYS_BYTES
    assert cost.peak_bytes < MAX_PEAK_BYTES
    return answer
