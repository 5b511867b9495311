"""A resident against every operation: refused, or about themselves and the devices assigned to them."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

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
VARYING = re.compile(r'tel_\w+|"seq":\d+|"quality":"\w+"|"(received_at|(requested_)?(from|to)|next_cursor)":"[^"]*"|(?<=Z),\d+')
"""What differs between two devices with the same readings: when each was received, up to when the question reached, and how
certain an amount is, which follows from whether the meter had counted before."""


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


@pytest.fixture(scope="module")
def flats(client: httpx.Client, home: Holding) -> tuple[str, str]:
    """Two devices with the same readings since the resident moved in; the first has others from before."""
    moved_in = datetime.now(UTC) - timedelta(hours=2)
    found = []
    for number in range(2):
        body = {"name": "flat", "type": "water_meter"}
        device = str(client.post("/api/v2/devices", json=body, headers=home.org.headers()).json()["device"]["id"])
        times = [(moved_in + timedelta(minutes=30 * count), 800.5 + count) for count in range(3)]
        if number == 0:
            times = [(moved_in - timedelta(seconds=seconds), 800.25 - seconds) for seconds in (2, 1)] + times
        for at, value in times:
            values = {"consumption_m3": value, "temperature": value}
            answer = client.post(
                f"/api/v2/devices/{device}/telemetry",
                json={"data": values, "time": at.isoformat()},
                headers=home.org.headers(),
            )
            assert answer.status_code == 201, answer.text
        place = {"resident_id": home.resident_id, "from": moved_in.isoformat()}
        answer = client.put(f"/api/v2/devices/{device}/placement", json=place, headers=home.org.headers())
        assert answer.status_code == 200, answer.text
        found.append(device)
    return found[0], found[1]


@for_each(OF_DEVICES, name_of)
def test_a_device_shows_nothing_from_before_it_was_assigned(
    operation: Operation, client: httpx.Client, home: Holding, grace: Person, flats: tuple[str, str]
) -> None:
    headers = as_resident(grace, home)
    shown = []
    for device in flats:
        request = request_for(operation, home, device_id=device)
        whole = {name: text for name, text in request.query.items() if name != "limit"}
        answer = send(client, changed(request, headers=headers, query=whole))
        assert answer.status == 200, answer
        assert str(answer.body), "there are readings"
        shown.append(VARYING.sub("", answer.body.decode().replace(device, "")))
    assert shown[0] == shown[1], "as if there had been no earlier readings"


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
