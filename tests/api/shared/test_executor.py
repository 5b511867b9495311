"""What every answer has, whatever became of the call: the request's id, and the caller's limits if the caller is known.

And calls without a body, which are calls with an empty one wherever nothing in it is required.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import httpx
import pytest
import structlog
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from penstock.api.shared.executor import Executor
from penstock.bootstrap.dialects import SURFACES
from penstock.kit.operation import Operation
from tests.security.calls import Request, changed, request_for
from tests.security.holding import Holding, make_holding
from tests.security.table import name_of, operations, plain_reads
from tests.security.worn import sparing
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org

INGEST = "telemetry:write"
"""Ingest counts readings and not calls: only a key with a limit of its own has one to show."""
LENIENT = {"an unknown parameter", "another organisation"}
"""What some vendors' surfaces let pass."""
OPTIONAL = [operation for operation in operations() if operation.body_optional]


@pytest.fixture(scope="module")
def front(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.socket_client() as client:
        yield client


@pytest.fixture(scope="module")
def acme(in_process: InProcessServer) -> Org:
    return in_process.orgs["Acme"]


@pytest.fixture(scope="module")
def held(front: httpx.Client, acme: Org) -> Holding:
    return make_holding(front, acme, "answered")


def answer_to(client: httpx.Client, request: Request, **headers: str) -> httpx.Response:
    """The status and headers of an answer; of its body only what an answer with an end has."""
    given = {"Content-Type": "application/json"} | request.headers | headers
    with client.stream(request.method, request.target, headers=given, content=request.body) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
        return answer


def is_limited(operation: Operation) -> bool:
    return operation.scope not in (None, INGEST)


def mistakes(operation: Operation, request: Request) -> dict[str, tuple[Request, bool]]:
    """Calls that fail, by how; and whether their caller is known by then."""
    nowhere = changed(request, path=operation.path.partition("{")[0] + "/nowhere/at/all")
    found = {
        "no credential": (changed(request, headers={}), False),
        "a wrong credential": (changed(request, headers={**request.headers, "X-API-Key": "psk_wrong"}), False),
        "no such path": (nowhere, False),
        "no such method": (changed(request, method="TRACE", body=None), False),
        "another organisation": (changed(request, headers={**request.headers, "X-Organization-Id": "org_0000000000001"}), True),
    }
    if operation.query is not None:
        found["an unknown parameter"] = (changed(request, query={"colour": "blue"}), True)
    if operation.body is not None:
        found["no JSON"] = (changed(request, body=b"{"), True)
        found["another type"] = (changed(request, headers={**request.headers, "Content-Type": "text/plain"}), True)
        found["too long"] = (changed(request, body=b" " * (operation.max_body_bytes + 1)), True)
        found["another coding"] = (changed(request, headers={**request.headers, "Content-Encoding": "br"}), True)
    return found


@for_each(operations(), name_of)
def test_whatever_fails_the_answer_has_an_id_and_the_limits(operation: Operation, front: httpx.Client, held: Holding) -> None:
    request = changed(request_for(operation, held), upgrade=False)
    for how, (mistaken, known) in mistakes(operation, request).items():
        answer = answer_to(front, mistaken)
        assert answer.headers["x-request-id"].startswith("req_"), how
        if how not in LENIENT:
            assert operation.scope is None or answer.status_code >= 400, (how, answer)
        if known and is_limited(operation) and not operation.session:
            assert "x-ratelimit-limit" in answer.headers, (how, answer)
        if answer.headers.get("content-type") == "application/problem+json":
            assert answer.json()["request_id"] == answer.headers["x-request-id"], how


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/v2/nowhere", "/v1/nowhere", "/api/v1/nowhere", "/v1.0/nowhere", "/api/v2/devices"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "TRACE", "OPTIONS"])
def test_a_known_caller_is_told_its_limits_also_where_there_is_no_operation(
    front: httpx.Client, acme: Org, path: str, method: str
) -> None:
    request = Request(method=method, path=path, headers=acme.headers(), body=None)
    first, second = answer_to(front, request), answer_to(front, request)
    for answer in (first, second):
        assert {"x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining"} <= answer.headers.keys(), answer
    if first.status_code != 200:
        before, after = (int(answer.headers["x-ratelimit-remaining"]) for answer in (first, second))
        assert after >= before, "it counts as no call"
    for stranger in ({}, {"X-API-Key": "psk_wrong"}, {"X-API-Key": "tok_wrong"}):
        answer = answer_to(front, changed(request, headers=stranger))
        assert "x-request-id" in answer.headers
        assert "x-ratelimit-limit" not in answer.headers


@for_each([operation for operation in operations() if operation.method == "GET"], name_of)
def test_so_has_an_answer_that_succeeds(operation: Operation, front: httpx.Client, held: Holding) -> None:
    answer = answer_to(front, changed(request_for(operation, held), upgrade=False))
    assert answer.headers["x-request-id"].startswith("req_")
    if is_limited(operation) and not operation.session:  # the people of these tests belong to a plan without limits
        assert {"x-ratelimit-limit", "x-ratelimit-remaining"} <= answer.headers.keys()


def test_a_websocket_has_an_id_too_accepted_or_not(in_process: InProcessServer, acme: Org) -> None:
    url = in_process.base_url.replace("http", "ws", 1)
    with connect(f"{url}/api/v2/streams/ws", additional_headers=acme.headers()) as accepted:
        assert accepted.response is not None
        assert {"x-request-id", "x-ratelimit-limit"} <= {name.lower() for name in accepted.response.headers}
    for path in ("/api/v2/streams/ws", "/api/v2/devices", "/nowhere", "/api/v2/agents/ws", "/mqtt"):
        with pytest.raises(InvalidStatus) as refused, connect(url + path):
            pass
        assert refused.value.response.headers["x-request-id"].startswith("req_"), path


def test_a_refusal_of_the_front_door_has_an_id(front: httpx.Client) -> None:
    answer = front.get("/" + "x" * 9_000)
    assert answer.status_code == 414
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_beyond_its_limit_a_caller_is_told_of_it_everywhere(in_process: InProcessServer, front: httpx.Client, acme: Org) -> None:
    body = {"name": "slow", "scopes": ["devices:read", "telemetry:read", "telemetry:write"], "calls_per_minute": 1}
    device_id = front.post("/api/v2/devices", json={"name": "slow"}, headers=acme.headers()).json()["device"]["id"]
    calls = {
        "GET": ["/api/v2/devices", "/api/v2/streams/sse", f"/api/v2/devices/{device_id}/telemetry/export?format=csv"],
        "POST": ["/api/v2/telemetry", f"/api/v2/devices/{device_id}/telemetry"],
    }
    for method, paths in calls.items():
        for path in paths:
            key = front.post("/api/v2/keys", json=body, headers=acme.headers()).json()["value"]
            request = Request(
                method=method,
                path=path,
                headers={"X-API-Key": key, "X-Organization-Id": acme.organization_id},
                body=json.dumps([{"device_id": device_id, "data": {"n": 1}}]).encode() if method == "POST" else None,
            )
            first, second = answer_to(front, request), answer_to(front, request)
            assert (first.status_code // 100, second.status_code) == (2, 429), (path, first, second)
            for answer in (first, second):
                assert answer.headers["x-ratelimit-remaining"] == "0", path
                assert "x-request-id" in answer.headers, path
            assert "retry-after" in second.headers


def test_every_surface_is_among_those_with_limits() -> None:
    assert len(plain_reads()) >= 4


@pytest.fixture(scope="module")
def shared(front: httpx.Client, acme: Org) -> Holding:
    return make_holding(front, acme, "bodiless")


@for_each(sparing(OPTIONAL), name_of)
def test_no_body_is_an_empty_one(operation: Operation, front: httpx.Client, acme: Org, shared: Holding) -> None:
    """As `{}` is answered, so is no body at all: with a type and without one, with a length and without one.

    If one of these calls does not serve on what others used before it, all are made again, each on new things.
    """
    answers = list(answers_without_body(operation, front, lambda: shared))
    if answers[0][0] >= 300 or len(set(map(str, answers))) > 1:
        answers = list(answers_without_body(operation, front, lambda: make_holding(front, acme, "acting", operation)))
    assert len(set(map(str, answers))) == 1, answers


def answers_without_body(operation: Operation, front: httpx.Client, holding: Callable[[], Holding]) -> Iterator[tuple[Any, ...]]:
    """What tells one answer from another, to the three ways of a call without a body."""
    for body, headers in ((b"{}", {"Content-Type": "application/json"}), (None, {}), (b"", {"Content-Type": "text/plain"})):
        request = request_for(operation, holding())
        given = {**request.headers, **headers}
        answer = front.request(request.method, request.target, headers=given, content=body)
        document = answer.json() if answer.content else {}
        yield answer.status_code, document.get("code"), document.get("errors"), document.get("error")


def test_actions_without_required_fields_are_among_them() -> None:
    paths = {operation.path for operation in OPTIONAL}
    assert {
        "/api/v2/keys/{key_id}/rotate",
        "/api/v2/webhooks/{webhook_id}/rotate-secret",
        "/api/v2/rules/{rule_id}/stop",
    } <= paths


def test_a_bug_is_logged_without_the_secrets_of_the_path() -> None:
    operation = next(one for one in operations() if "{share_token}" in one.path)
    executor = Executor(cast("Any", None), SURFACES, cast("Any", None), cast("Any", None), cast("Any", None))
    with structlog.testing.capture_logs() as lines:
        executor.failed({"path": operation.path.replace("{share_token}", "dsh_secret")}, RuntimeError("a bug"), operation)
    (line,) = lines
    assert (line["event"], line["path"]) == ("request_failed", operation.path)
