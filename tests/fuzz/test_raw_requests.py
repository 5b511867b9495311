"""M1, below any client library: good requests with a few bytes changed, sent over sockets. Never an answer of 500, never a
broken line in the log, and the server goes on."""

from __future__ import annotations

import itertools
import random
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from penstock.api.shared.application import SWITCHING_PROTOCOLS
from penstock.kit.operation import Operation
from tests.fuzz.conftest import Told, bugs
from tests.security.calls import Request, check_error, request_for, send
from tests.security.holding import Holding, make_holding
from tests.security.table import dialect_of, name_of, one_of_each, operations, reads
from tests.support.cases import for_each
from tests.support.server import Org, RunningServer

SEED = 20260502
SENDERS = 24
WAIT_S = 0.5
"""How long the answer to a request is waited for that may be incomplete."""
PATIENCE_S = 10.0
"""How long the answer to one is waited for that is complete."""
FROM_THE_DOOR = {501, 505}
"""What the front door answers to a coding or a version of HTTP that it does not speak; it is no failure."""

TOKENS = [b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"%00", b"%", b"/", b"?", b"&", b"=", b"\xff", b"\xc3\xa9", b'"', b"{", b"["]
TOKENS += [
    b"chunked",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"TRACE ",
    b"CONNECT ",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
]
TOKENS += [
    b"Expect: 100-continue\r\n",
    b"Upgrade: h2c\r\nConnection: Upgrade\r\n",
    b"Host: b\r\n",
    b"99999999999999999999",
    b"-1",
]
TOKENS += [
    b"Content-Encoding: gzip\r\n",
    b"Content-Type: x\r\n",
    b"organizationId=",
    b"psk_",
    b"tok_",
    b"NaN",
    b"\\ud800",
    b"1e400",
]


@pytest.fixture(scope="module")
def fuzzed(fuzzed_process: RunningServer) -> RunningServer:
    """A process of its own, as what is sent may end it."""
    return fuzzed_process


def rendered(request: Request, server: RunningServer) -> bytes:
    """A request as its bytes, answered with a close."""
    host = server.base_url.removeprefix("http://")
    headers = {"Host": host, **request.headers, "Connection": "close"}
    if request.upgrade:
        headers |= {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
    if request.body is not None:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(request.body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{request.method} {request.target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (request.body or b"")


def mutated(message: bytes, chance: random.Random) -> bytes:
    """A message after one to three accidents."""
    for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 3))):
        message = accident(message, chance) or message
    return message


def accident(message: bytes, chance: random.Random) -> bytes:
    """One accident: bytes changed, lost, repeated, or others among them."""
    at = chance.randrange(len(message))
    end = at + chance.choice((1, 1, 2, 4, 16, 200))
    head, middle, tail = message[:at], message[at:end], message[end:]
    accidents: list[Callable[[], bytes]] = [
        lambda: head + bytes([message[at] ^ 1 << chance.randrange(8)]) + message[at + 1 :],
        lambda: head + bytes([chance.randrange(256)]) + message[at + 1 :],
        lambda: head,
        lambda: head + tail,
        lambda: head + middle * chance.choice((2, 50)) + tail,
        lambda: head + chance.choice(TOKENS) + middle + tail,
        lambda: head + chance.choice(TOKENS) + tail,
        lambda: head + chance.randbytes(len(middle)) + middle + tail,
    ]
    return chance.choice(accidents)()


def answers_to(message: bytes, server: RunningServer, wait_s: float = PATIENCE_S) -> bytes:
    """All that comes back before the server closes or falls silent."""
    address = server.base_url.removeprefix("http://").partition(":")
    found = b""
    with socket.create_connection((address[0], int(address[2])), timeout=10) as connection:
        connection.settimeout(wait_s)
        try:
            connection.sendall(message)
            while part := connection.recv(65_536):
                found += part
                if len(found) > 1_000_000 or b"text/event-stream" in found[:1000] or found.startswith(b"HTTP/1.1 101"):
                    break  # a stream does not end by itself
        except (TimeoutError, ConnectionError, BrokenPipeError):
            pass  # it waits for the rest of the request, or has seen enough of it
    return found


def statuses(found: bytes) -> list[int]:
    """The status of the first answer in what came back; none when nothing did."""
    line = found.split(b"\r\n", 1)[0].split(b" ", 2)
    return [int(line[1])] if len(line) > 1 and line[0].startswith(b"HTTP/1.") else []


def maltreat(count: int, client: httpx.Client, server: RunningServer, holding: Holding) -> Counter[int]:
    """Send so many mutants of the operations' calls, in turn; how often which status came back."""
    chance = random.Random(SEED)
    good = [rendered(request_for(operation, holding), server) for operation in operations()]
    messages = [mutated(message, chance) for message in itertools.islice(itertools.cycle(good), count)]
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(lambda message: answers_to(message, server, WAIT_S), messages))
    for message, found in zip(messages, answers, strict=True):
        for status in statuses(found):
            assert status < 500 or status in FROM_THE_DOOR, (message, found)
        assert found == b"" or statuses(found), (message, found)
    assert server.process.poll() is None
    assert client.get("/ready").status_code == 200
    assert bugs(server.log()) == []
    return Counter(itertools.chain.from_iterable(map(statuses, answers)))


@for_each(reads(), name_of)
def test_the_request_is_good_before_it_is_changed(operation: Operation, fuzzed: RunningServer, unharmed: Holding) -> None:
    good(operation, fuzzed, unharmed)


@pytest.mark.prove
@for_each([operation for operation in operations() if operation not in reads()], name_of)
def test_a_change_is_good_before_it_is_changed(
    operation: Operation, client: httpx.Client, fuzzed: RunningServer, fuzz_org: Org
) -> None:
    good(operation, fuzzed, make_holding(client, fuzz_org, "fuzz", operation))


def good(operation: Operation, server: RunningServer, holding: Holding) -> None:
    found = answers_to(rendered(request_for(operation, holding), server), server)
    assert statuses(found)[0] < 300, found


@pytest.fixture
def holding(client: httpx.Client, fuzz_org: Org) -> Holding:
    """Things to be maltreated."""
    return make_holding(client, fuzz_org, "fuzz")


def test_changed_requests_are_survived(client: httpx.Client, fuzzed: RunningServer, holding: Holding) -> None:
    found = maltreat(1_000, client, fuzzed, holding)
    assert found[200] > 20, "some changes do no harm, so the changed requests do reach the operations"
    assert found[400] > 80
    assert {401, 403, 404} <= found.keys()


@pytest.mark.prove
def test_very_many_changed_requests_are_survived(client: httpx.Client, fuzzed: RunningServer, fuzz_org: Org, told: Told) -> None:
    # Some changes leave a DELETE what it is, so that each time has things of its own.
    maltreat(2_000, client, fuzzed, make_holding(client, fuzz_org, "warm"))
    before = fuzzed.rss_bytes()
    met = maltreat(20_000, client, fuzzed, make_holding(client, fuzz_org, "fuzz"))
    grown = fuzzed.rss_bytes() - before
    told(f"memory grew by {grown / 1e6:.1f} MB", met)
    assert grown < 30_000_000


DOT_PATHS = ("/../health", "/./health", "/docs/static/../../kit/ids.py", "/docs/static/%2e%2e/%2e%2e/docs.py", "//health", "/%")
DOT_PATHS += ("/docs/static//etc/passwd", "/docs/static/..\\..\\docs.py", "/api/v2/devices/..", "/api/v2/devices/.")
DEVICE_CALLS = [one for one in operations() if dialect_of(one) and one.device_token and one.method == "POST"]
ODD_SLASHES = (
    "//health",
    "/%2fhealth",
    "/health%2F",
    "/health//",
    "//",
    "/%2f%2Fmetrics",
    "/docs%2fstatic/swagger-ui/swagger-ui.css",
)
ODD_SLASHES += ("/api/v2//me", "/api/v2%2fme", "/api/v2%2ftelemetry", "//api/v2/telemetry")
ODD_SLASHES += tuple(one.path.replace("/", odd, 2).replace(odd, "/", 1) for one in DEVICE_CALLS for odd in ("%2f", "//"))


@pytest.mark.parametrize("path", DOT_PATHS)
def test_a_path_with_dots_leads_nowhere(path: str, fuzzed: RunningServer) -> None:
    """A client library would tidy such a path up before it sends it."""
    found = answers_to(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(), fuzzed)
    assert statuses(found)[0] in (400, 401, 404), found
    assert b"root:" not in found
    assert b"import" not in found


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ODD_SLASHES)
def test_a_path_is_matched_as_it_was_sent(path: str, method: str, fuzzed: RunningServer) -> None:
    """A proxy that guards `/metrics` knows nothing of `/%2fmetrics`."""
    found = answers_to(f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(), fuzzed)
    assert statuses(found) == [404], found


@pytest.mark.parametrize("path", ["/api/v2/streams%2fws", "//api/v2/streams/ws"])
def test_so_is_the_path_of_a_websocket(path: str, client: httpx.Client, unharmed: Holding) -> None:
    request = Request(method="GET", path=path, headers=unharmed.org.headers(), upgrade=True)
    assert send(client, request).status == 404


def test_the_rest_of_a_path_is_taken_as_it_was_sent(client: httpx.Client, holding: Holding) -> None:
    """A sensor is not taken for another whose key has other slashes."""
    headers = holding.org.headers()
    sensors = f"/api/v2/devices/{holding.device_id}/sensors"
    for key in ("a", "a/", "/a", "a//b", "a/b", "a%2Fb"):
        assert client.post(sensors, json={"key": key}, headers=headers).status_code == 201, key
    for sent, key in {"a": "a", "a%2F": "a/", "a/": "a/", "%2fa": "/a", "/a": "/a", "a%2f%2Fb": "a//b", "a/b": "a/b"}.items():
        found = send(client, Request(method="GET", path=f"{sensors}/{sent}", headers=headers))
        assert found.json()["key"] == key, sent
    assert send(client, Request(method="DELETE", path=f"{sensors}/a%2F", headers=headers)).status == 204
    assert send(client, Request(method="GET", path=f"{sensors}/a", headers=headers)).status == 200
    assert send(client, Request(method="GET", path=f"{sensors}/a%252Fb", headers=headers)).json()["key"] == "a%2Fb"
    for sent in ("/", "%2F", "//", "%2f/"):
        assert send(client, Request(method="GET", path=f"{sensors}/{sent}", headers=headers)).status == 404, sent
    inside = sensors.replace("/sensors", "%2Fsensors")
    assert send(client, Request(method="GET", path=f"{inside}/a", headers=headers)).status == 404


@for_each(sorted({one.path for one in operations() if one.status != SWITCHING_PROTOCOLS}))
def test_options_names_every_method_of_a_path(path: str, client: httpx.Client, unharmed: Holding) -> None:
    here = [operation for operation in operations() if operation.path == path]
    answer = send(client, Request(method="OPTIONS", path=request_for(here[0], unharmed).path))
    assert (answer.status, answer.body) == (204, b"")
    assert set(answer.headers["allow"].split(", ")) == declared_at(path) | {"OPTIONS"}


UNDECLARED = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")


PATHS = sorted({operation.path for operation in operations()})


def declared_at(path: str) -> set[str]:
    """The methods of a path; where there is a GET, there is a HEAD."""
    found = {operation.method for operation in operations() if operation.path == path}
    return found | ({"HEAD"} if "GET" in found else set())


SURFACE_OF = {operation.path: operation.surface for operation in operations()}
ONE_OF_EACH_KIND = set(one_of_each(PATHS, lambda path: (SURFACE_OF[path], frozenset(declared_at(path)))))


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.prove)], ids=["by kind", "everywhere"])
@for_each(PATHS)
def test_a_method_that_is_not_declared_is_405(path: str, client: httpx.Client, unharmed: Holding, everywhere: bool) -> None:
    """M10. All methods for one path of each kind; in the long catalogue for every path, which has one of them at once."""
    here = next(operation for operation in operations() if operation.path == path)
    declared = declared_at(path)
    undeclared = [method for method in UNDECLARED if method not in declared]
    number = PATHS.index(path) % len(undeclared)
    for method in undeclared if everywhere or path in ONE_OF_EACH_KIND else undeclared[number : number + 1]:
        request = request_for(here, unharmed)
        answer = send(client, Request(method=method, path=request.path, headers=unharmed.org.headers()))
        assert answer.status == 405, (method, answer)
        assert declared <= set(answer.headers["allow"].split(", ")) <= declared | {"OPTIONS"}
        if method != "HEAD":
            check_error(answer, here)
