"""M1 and I7: calls made from the server's own OpenAPI document, good ones and ones that break it in one place.

Whatever is sent: never an answer of 500, every answer as the document describes it, every error in its surface's shape. In every
run this is done to one operation of each kind; that good calls of all are answered as described is in `test_described.py`.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from penstock.kit.operation import Operation
from tests.fuzz.conftest import Told, Victims, bugs
from tests.fuzz.described import CHECKS, described, label_of
from tests.fuzz.field_types import first_of_each_type
from tests.security.calls import Answer, check_error
from tests.security.holding import Holding, make_holding
from tests.security.table import admission, name_of, one_of_each, operations
from tests.support.cases import for_each
from tests.support.server import RunningServer, bootstrap_org, running_server

EXAMPLES = 2
MANY_EXAMPLES = 60
WARM_EXAMPLES = 10
CASES_PER_ORG = 40
"""An organisation has at most a hundred chat channels, and each case makes one."""
MOSTLY_ADMITTED = (True,) * 9 + (False,)
"""Whether a call carries a key."""


@pytest.fixture(scope="module")
def fuzzed(fuzzed_process: RunningServer) -> RunningServer:
    """A process of its own: Hypothesis rules the random numbers of this one, and a server draws some."""
    return fuzzed_process


def attack(operation: Operation, server: RunningServer, holding: Holding, mode: GenerationMode, examples: int) -> Counter[int]:
    """Call an operation with so many generated examples; how often which status came back."""
    target = described(server.base_url)[label_of(operation)]
    # With ids that exist, calls reach what lies behind the first look-up.
    known = st.just(operation.example.path | holding.path) if mode is GenerationMode.POSITIVE else st.none()
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
        @given(case=target.as_strategy(generation_mode=mode), path=known, admitted=st.sampled_from(MOSTLY_ADMITTED))
        def call(case: schemathesis.Case, path: dict[str, str] | None, admitted: bool) -> None:
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
OF_EACH_CLASS = one_of_each(operations(), lambda one: (admission(one), one.body is None, one.query is None))
CHOSEN = {name_of(one) for one in OF_EACH_CLASS} | {name for name, _ in first_of_each_type()}
"""One operation of each class, and those that have a field of a type that no other has."""
SOON = [case for case in CASES if name_of(case[0]) in CHOSEN]
LATER = [case for case in CASES if name_of(case[0]) not in CHOSEN]


def name_of_case(case: tuple[Operation, GenerationMode]) -> str:
    return f"{name_of(case[0])} {case[1].value}"


@for_each(SOON, name_of_case)
def test_generated_calls_are_answered_as_described(
    case: tuple[Operation, GenerationMode], fuzzed: RunningServer, victims: Victims
) -> None:
    operation, mode = case
    assert attack(operation, fuzzed, victims.of(operation), mode, EXAMPLES).total() > 0


@pytest.mark.prove
@for_each(LATER, name_of_case)
def test_generated_calls_of_the_others_are_answered_as_described(
    case: tuple[Operation, GenerationMode], fuzzed: RunningServer, victims: Victims
) -> None:
    operation, mode = case
    assert attack(operation, fuzzed, victims.of(operation), mode, EXAMPLES).total() > 0


@pytest.mark.prove
def test_very_many_generated_calls(tmp_path: Path, told: Told) -> None:
    """20,000 calls to a server of its own: no bug in its log, and its memory grows by no more than what they created."""
    with running_server(tmp_path / "data", orgs=()) as server, server.client() as client:

        def holding(number: int) -> Holding:
            """Things of their own for each case, in organisations that may have no more of them each."""
            name = f"Fuzz{number // CASES_PER_ORG}"
            if name not in server.orgs:
                server.orgs[name] = bootstrap_org(server.data_dir, name)
            return make_holding(client, server.orgs[name], "fuzz")

        for number, (operation, mode) in enumerate(CASES):
            attack(operation, server, holding(number), mode, WARM_EXAMPLES)
        warm = server.rss_bytes()
        began = time.monotonic()
        met: Counter[int] = Counter()
        for number, (operation, mode) in enumerate(CASES, start=len(CASES)):
            met += attack(operation, server, holding(number), mode, MANY_EXAMPLES)
        seconds = time.monotonic() - began
        told(f"{seconds:.0f} s; memory {warm / 1e6:.1f} MB warm, {server.rss_bytes() / 1e6:.1f} MB after", met)
        assert met.total() >= 20_000
        assert met[200] >= 5_000, "calls get as far as their operations"
        assert bugs(server.log()) == []
        assert client.get("/ready").status_code == 200
        assert server.rss_bytes() < warm * 1.2
