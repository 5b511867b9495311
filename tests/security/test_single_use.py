"""A key for one call is used up by the call that was let in, and by no other. Generated from the operation table."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from penstock.core.tenancy.scopes import ALL
from penstock.kit.ids import OrgId, Prefix, encode
from penstock.kit.operation import Operation
from tests.ingress.mqtt.test_live import Program
from tests.security.calls import Answer, Request, changed, request_for, send
from tests.security.holding import Holding
from tests.security.table import admission, each, name_of, one_of_each, plain_reads
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org, RunningServer, bootstrap_org, running_server

SCOPED = each(with_scope=True)
CLASSES = one_of_each(SCOPED, admission)
AT_ONCE = 8


class Once:
    """Makes keys for one call, and tells what became of them."""

    def __init__(self, client: httpx.Client, org: Org) -> None:
        self._client, self._org = client, org

    def key(self, **fields: Any) -> tuple[str, str]:
        body = {"name": "once", "scopes": sorted(ALL), "single_use": "spend"} | fields
        answer = self._client.post("/api/v2/keys", json=body, headers=self._org.headers())
        assert answer.status_code == 201, answer.text
        return answer.json()["key"]["id"], answer.json()["value"]

    def status(self, key_id: str) -> str:
        return str(self._client.get(f"/api/v2/keys/{key_id}", headers=self._org.headers()).json()["status"])


@pytest.fixture
def once(client: httpx.Client, acme: Org) -> Once:
    return Once(client, acme)


def with_key(request: Request, value: str) -> Request:
    kept = {name: text for name, text in request.headers.items() if name not in ("X-API-Key", "Authorization")}
    return changed(request, headers=kept | {"X-API-Key": value})


def called(client: httpx.Client, operation: Operation, holding: Holding, value: str, **headers: str) -> Answer:
    request = with_key(request_for(operation, holding), value)
    return send(client, changed(request, headers=request.headers | headers))


def tries_of_refused_calls(operation: Operation, client: httpx.Client, holding: Holding, once: Once) -> None:
    """Every reason for which a call is turned away at the door; then one that is let in."""
    foreign = encode(Prefix.ORGANIZATION, OrgId(1))
    assert operation.scope is not None
    tries: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
        "another organisation": ({}, {"X-Organization-Id": foreign}),
        "no scope": ({"scopes": sorted(ALL - {operation.scope})}, {}),
        "not from here": ({"allowed_cidrs": ["192.0.2.0/24"]}, {}),
    }
    for why, (fields, headers) in tries.items():
        key_id, value = once.key(**fields)
        answer = called(client, operation, holding, value, **headers)
        assert answer.status in (401, 403), (why, answer)
        assert once.status(key_id) == "active", why
    key_id, value = once.key()
    first = called(client, operation, holding, value)
    assert (once.status(key_id) == "spent") is not operation.session, first
    if not operation.session:
        assert called(client, operation, holding, value).status == 401


@for_each(CLASSES, name_of)
def test_only_a_call_that_is_let_in_uses_a_key_up(
    operation: Operation, client: httpx.Client, theirs: Holding, once: Once
) -> None:
    tries_of_refused_calls(operation, client, theirs, once)


@pytest.mark.prove
@for_each(SCOPED, name_of)
def test_only_a_call_that_is_let_in_uses_a_key_up_wherever(
    operation: Operation, client: httpx.Client, theirs: Holding, once: Once
) -> None:
    tries_of_refused_calls(operation, client, theirs, once)


def test_a_call_over_the_limit_uses_nothing_up(client: httpx.Client, once: Once, acme: Org) -> None:
    key_id, value = once.key(calls_per_minute=1, scopes=["devices:read"])
    headers = {"X-API-Key": value, "X-Organization-Id": acme.organization_id}
    assert [client.get(f"/api/v2/{what}", headers=headers).status_code for what in ("keys", "devices")] == [403, 429]
    assert once.status(key_id) == "active"


def test_a_call_of_a_suspended_organisation_uses_nothing_up(server: InProcessServer) -> None:
    org = server.new_org()
    with server.client() as client:
        once = Once(client, org)
        key_id, value = once.key()
        name = next(name for name, found in server.orgs.items() if found is org)

        def suspend(*, suspended: bool) -> None:
            server.run(lambda control: control.tenancy.set_suspended(name, suspended=suspended))
            server.call(_forget_organizations)

        suspend(suspended=True)
        headers = {"X-API-Key": value, "X-Organization-Id": org.organization_id}
        assert client.get("/api/v2/devices", headers=headers).status_code == 403
        suspend(suspended=False)
        assert once.status(key_id) == "active"
        assert client.get("/api/v2/devices", headers=headers).status_code == 200


async def _forget_organizations(server: Any) -> None:
    server.plans.clear()


@for_each(sorted(plain_reads().items()), lambda case: case[0])
def test_of_simultaneous_calls_one_wins(
    case: tuple[str, str], server: InProcessServer, client: httpx.Client, once: Once, acme: Org
) -> None:
    _, value = once.key()
    headers = {"X-API-Key": value, "X-Organization-Id": acme.organization_id}

    def call(_: int) -> int:
        with server.client() as caller:
            return caller.get(case[1], headers=headers).status_code

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        answers = sorted(pool.map(call, range(AT_ONCE)))
    assert answers == [200, *[401] * (AT_ONCE - 1)]


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("once") / "data") as server:
        yield server


def test_a_client_that_is_turned_away_over_mqtt_uses_nothing_up(listening: RunningServer) -> None:
    org = bootstrap_org(listening.data_dir, "Once")
    with listening.client() as client:
        once = Once(client, org)
        weak_id, weak = once.key(scopes=["devices:read"])
        key_id, value = once.key()
        refused = Program(listening.mqtt_port, value, MQTTProtocolVersion.MQTTv5)
        refused.client.will_set("live/x", b"gone")
        programs = [Program(listening.mqtt_port, one, MQTTProtocolVersion.MQTTv5) for one in (weak, value, value)]
        assert refused.start() == programs[0].start() == "Not authorized"
        assert (once.status(weak_id), once.status(key_id)) == ("active", "active")
        assert [one.start() for one in programs[1:]] == ["Success", "Bad user name or password"]
        assert once.status(key_id) == "spent"
        for program in (refused, *programs):
            program.stop()
