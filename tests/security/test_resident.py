"""A resident against every operation: refused, or about themselves and the devices assigned to them."""

from __future__ import annotations

import secrets

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.security.calls import changed, check_error, request_for, send
from tests.security.holding import Holding, MakeHolding
from tests.security.people import Person
from tests.security.table import each, name_of, path_parameters
from tests.support.cases import for_each
from tests.support.server import Org

OPEN = [operation for operation in each(with_scope=True) if operation.of_resident]
SHUT = [operation for operation in each(with_scope=True) if not operation.of_resident]
OF_DEVICES = [operation for operation in OPEN if "device_id" in path_parameters(operation)]


@pytest.fixture(scope="module")
def home(client: httpx.Client, acme: Org, new_holding: MakeHolding) -> Holding:
    """What an organisation holds, its device being assigned to its resident."""
    holding = new_holding(acme, "home")
    assign(client, holding)
    return holding


@pytest.fixture(scope="module")
def grace(home: Holding) -> Person:
    return home.people.resident(f"g-{secrets.token_hex(6)}", home.resident_id)


def assign(client: httpx.Client, holding: Holding) -> None:
    path = f"/api/v2/devices/{holding.device_id}/placement"
    answer = client.put(path, json={"resident_id": holding.resident_id}, headers=holding.org.headers())
    assert answer.status_code == 200, answer.text


def as_resident(person: Person, home: Holding) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": home.org.organization_id}


@for_each(SHUT, name_of)
def test_everything_else_is_refused(operation: Operation, client: httpx.Client, home: Holding, grace: Person) -> None:
    answer = send(client, changed(request_for(operation, home), headers=as_resident(grace, home)))
    assert answer.status in (401, 403), answer
    check_error(answer, operation)


@for_each(OF_DEVICES, name_of)
def test_a_device_is_seen_while_it_is_assigned(operation: Operation, client: httpx.Client, home: Holding, grace: Person) -> None:
    assert operation.method == "GET", "residents change nothing of devices"
    headers = as_resident(grace, home)
    assert send(client, changed(request_for(operation, home), headers=headers)).status == 200
    for foreign in (home.gone_device_id, "dev_0000000000000", _unassigned(client, home)):
        answer = send(client, changed(request_for(operation, home, device_id=foreign), headers=headers))
        assert (answer.status, answer.json()["code"]) == (404, "devices.not_found")
    path = f"/api/v2/devices/{home.device_id}/placement"
    assert client.delete(path, headers=home.org.headers()).status_code == 204
    try:
        assert send(client, changed(request_for(operation, home), headers=headers)).status == 404, "at once"
    finally:
        assign(client, home)


def _unassigned(client: httpx.Client, home: Holding) -> str:
    made = client.post("/api/v2/devices", json={"name": "another"}, headers=home.org.headers())
    return str(made.json()["device"]["id"])


def test_what_is_open_is_about_devices_or_oneself() -> None:
    assert len(OF_DEVICES) == 6
    assert all(operation.session for operation in OPEN if operation not in OF_DEVICES)
    assert len(SHUT) > 100


def test_no_other_role_becomes_a_resident_or_ceases_to_be_one(client: httpx.Client, home: Holding, grace: Person) -> None:
    headers = home.org.headers()
    answer = client.patch(f"/api/v2/members/{grace.user_id}", json={"role": "viewer"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "members.is_resident")
    for path, body in (("/api/v2/invitations", {"email": "x@example.org"}), (f"/api/v2/members/{home.member.user_id}", {})):
        method = "POST" if body else "PATCH"
        answer = client.request(method, path, json=body | {"role": "resident"}, headers=headers)
        assert answer.status_code == 400
