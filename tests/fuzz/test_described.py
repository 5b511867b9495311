"""I7: every operation answers a good call as the server's OpenAPI document describes it. Nothing is generated here."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
import msgspec
import pytest
from schemathesis.core.failures import FailureGroup

from penstock.kit.operation import Operation
from tests.fuzz.described import CHECKS, described, label_of
from tests.security.calls import Answer, Request, send
from tests.security.table import name_of, operations
from tests.security.worn import Worn, sparing
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org


@pytest.fixture(scope="module")
def own(client: httpx.Client, fuzz_org: Org) -> Worn:
    return Worn(client, fuzz_org)


def as_response(answer: Answer, url: str) -> httpx.Response:
    """An answer in the form that the checks take."""
    request = httpx.Request("GET", url)
    response = httpx.Response(answer.status, headers=answer.headers, content=answer.body, request=request)
    response.elapsed = timedelta()
    return response


FIRST = ("POST /api/v2/setup",)
"""Answered only before there is an organisation."""
OF_OPERATOR = ("GET /api/v2/system", "GET /api/v2/system/backups", "POST /api/v2/system/backups")
"""Answered only to the server's operator, who is the owner of the only organisation."""


def test_the_document_describes_every_operation(fuzzed: InProcessServer) -> None:
    assert described(fuzzed.base_url).keys() == set(map(label_of, operations()))


@for_each(sparing(one for one in operations() if name_of(one) not in FIRST + OF_OPERATOR), name_of)
def test_a_good_call_is_answered_as_described(operation: Operation, fuzzed: InProcessServer, own: Worn) -> None:
    answer = own.answer(operation)
    assert answer.status < 300, answer
    endless = answer.headers.get("content-type", "").startswith("text/event-stream")
    if not endless and answer.status != HTTPStatus.SWITCHING_PROTOCOLS:
        check_described(operation, answer, fuzzed.base_url)


def check_described(operation: Operation, answer: Answer, base_url: str) -> None:
    case = described(base_url)[label_of(operation)].Case(path_parameters=dict(operation.example.path))
    case.validate_response(as_response(answer, base_url), checks=CHECKS)


def test_a_good_call_to_a_server_with_one_organisation_is_answered_as_described(tmp_path: Path) -> None:
    by_name = {name_of(one): one for one in operations()}
    with in_process_server(tmp_path / "data", orgs=()) as server, server.client() as client:
        for name in FIRST:
            body = by_name[name].example.body | {"token": server.call(lambda inner: inner.parts.setup.issue())}
            check_answered(by_name[name], client, server.base_url, {}, json.dumps(body).encode())
        signed_in = client.post("/api/v2/auth/sign-in", json={part: body[part] for part in ("email", "password")}).json()
        headers = {"Authorization": f"Bearer {signed_in['access_token']}", "X-Organization-Id": signed_in["organization_id"]}
        for name in OF_OPERATOR:
            check_answered(by_name[name], client, server.base_url, headers, None)


def check_answered(
    operation: Operation, client: httpx.Client, base_url: str, headers: dict[str, str], body: bytes | None
) -> None:
    answer = send(client, Request(method=operation.method, path=operation.path, headers=headers, body=body))
    assert answer.status < 300, answer
    check_described(operation, answer, base_url)


def test_an_answer_that_is_not_as_described_is_found(fuzzed: InProcessServer, own: Worn) -> None:
    for operation in operations():
        if name_of(operation) in ("GET /api/v2/devices/{device_id}", "GET /api/v2/devices"):
            answer = own.answer(operation)
            for wrong in ({"body": b"{}"}, {"status": 299}, {"headers": {"content-type": "text/plain"}}):
                with pytest.raises(FailureGroup):
                    check_described(operation, msgspec.structs.replace(answer, **wrong), fuzzed.base_url)
