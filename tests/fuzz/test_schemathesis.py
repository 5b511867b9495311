"""M1 and I7: calls made from the server's own OpenAPI document, good ones and ones that break it in one place.

Whatever is sent: never an answer of 500, every answer as the document describes it, every error in its surface's shape.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from penstock.kit.operation import Operation
from tests.fuzz.conftest import Told, Victims, bugs
from tests.security.calls import Answer, check_error
from tests.security.holding import Holding, make_holding
from tests.security.table import PARAMETER, name_of, operations
from tests.support.cases import for_each
from tests.support.server import RunningServer, running_server

EXAMPLES = 2
MANY_EXAMPLES = 300
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@functools.cache
def described(base_url: str) -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """The operations of the document that a server serves, by method and path."""
    schema = schemathesis.openapi.from_dict(httpx.get(f"{base_url}/openapi.json").json())
    return {found.label: found for result in schema.get_all_operations() if (found := result.ok())}


@pytest.fixture(scope="module")
def fuzzed(fuzzed_process: RunningServer) -> RunningServer:
    """A process of its own: Hypothesis rules the random numbers of this one, and a server draws some."""
    return fuzzed_process


def label_of(operation: Operation) -> str:
    """What an operation is called in the document."""
    return f"{operation.method} " + PARAMETER.sub(r"{\1}", operation.path)


def attack(operation: Operation, server: RunningServer, holding: Holding, mode: GenerationMode, examples: int) -> Counter[int]:
    """Call an operation with so many generated examples; how often which status came back."""
    target = described(server.base_url)[label_of(operation)]
    # With ids that exist, calls reach what lies behind the first look-up.
    known = st.just(holding.path | operation.example.path) if mode is GenerationMode.POSITIVE else st.none()
    met: Counter[int] = Counter()
    with requests.Session() as session:

        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=target.as_strategy(generation_mode=mode), path=known, admitted=st.integers(0, 3))
        def call(case: schemathesis.Case, path: dict[str, str] | None, admitted: int) -> None:
            if path is not None:
                case.path_parameters = {name: path[name] for name in case.path_parameters or {}}
            headers = holding.org.headers() if admitted else {}
            met[judge(operation, case, session, server.base_url, headers)] += 1

        call()
    return met


def judge(
    operation: Operation, case: schemathesis.Case, session: requests.Session, base_url: str, headers: dict[str, str]
) -> int:
    """Send one case and look at its answer; the status."""
    arguments = case.as_transport_kwargs(base_url=base_url, headers=headers)
    response = session.request(**arguments, stream=True, timeout=10)
    with response:
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            return response.status_code
        answer = Answer(status=response.status_code, headers=dict(response.headers), body=response.content)
    assert answer.status < 500, answer
    if answer.status >= 400:
        check_error(answer, operation)
        if '"code":"http.' in answer.text:
            return answer.status  # refused at the front door, before it was a call of any operation
    case.validate_response(response, checks=CHECKS)
    return answer.status


def modes(operation: Operation) -> list[GenerationMode]:
    """Good calls, and broken ones where there is something to break."""
    breakable = operation.scope is not None or operation.body is not None
    return list(GenerationMode) if breakable else [GenerationMode.POSITIVE]


CASES = [(operation, mode) for operation in operations() for mode in modes(operation)]
ONE_OF_EACH = {(one.surface, one.method): one for one in operations()}.values()
"""One operation of each kind, for what does not depend on what an operation decodes."""


def is_at_once(operation: Operation, mode: GenerationMode) -> bool:
    """Whether a case has its turn in every run. Of a call without body and query nothing but the path can be broken, and that is
    looked at for every operation in `test_bad_json.py`: one of each kind is enough here, the others are in the long catalogue.
    """
    decodes = operation.body is not None or operation.query is not None
    return mode is GenerationMode.POSITIVE or decodes or operation in ONE_OF_EACH


SOON = [case for case in CASES if is_at_once(*case)]
LATER = [case for case in CASES if not is_at_once(*case)]


def name_of_case(case: tuple[Operation, GenerationMode]) -> str:
    return f"{name_of(case[0])} {case[1].value}"


def test_the_document_describes_every_operation(fuzzed: RunningServer) -> None:
    assert described(fuzzed.base_url).keys() == set(map(label_of, operations()))


@for_each(SOON, name_of_case)
def test_generated_calls_are_answered_as_described(
    case: tuple[Operation, GenerationMode], fuzzed: RunningServer, victims: Victims
) -> None:
    operation, mode = case
    assert attack(operation, fuzzed, victims.of(operation), mode, EXAMPLES).total() > 0


@pytest.mark.prove
@for_each(LATER, name_of_case)
def test_calls_that_are_broken_in_the_path_alone_are_answered_as_described(
    case: tuple[Operation, GenerationMode], fuzzed: RunningServer, victims: Victims
) -> None:
    operation, mode = case
    assert attack(operation, fuzzed, victims.of(operation), mode, EXAMPLES).total() > 0


@pytest.mark.prove
def test_very_many_generated_calls(tmp_path: Path, told: Told) -> None:
    """20,000 calls to a server of its own: no bug in its log, and its memory grows by no more than what they created."""
    with running_server(tmp_path / "data", orgs=("Fuzz",)) as server, server.client() as client:
        org = server.orgs["Fuzz"]
        for operation, mode in CASES:
            attack(operation, server, make_holding(client, org, "warm"), mode, 40)
        warm = server.rss_bytes()
        began = time.monotonic()
        met: Counter[int] = Counter()
        for operation, mode in CASES:
            met += attack(operation, server, make_holding(client, org, "fuzz"), mode, MANY_EXAMPLES)
        seconds = time.monotonic() - began
        told(f"{seconds:.0f} s; memory {warm / 1e6:.1f} MB warm, {server.rss_bytes() / 1e6:.1f} MB after", met)
        assert met.total() >= 20_000
        assert met[200] >= 2_000, "calls get as far as their operations"
        assert bugs(server.log()) == []
        assert client.get("/ready").status_code == 200
        assert server.rss_bytes() < warm * 1.2
