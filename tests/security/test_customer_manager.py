"""A customer's manager against every operation: refused, or about their customer and the devices placed there."""

from __future__ import annotations

import secrets

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.security.calls import changed, check_error, request_for, send
from tests.security.holding import Holding, MakeHolding
from tests.security.people import Person
from tests.security.table import each, name_of, path_parameters, wire_names
from tests.support.cases import for_each
from tests.support.server import Org

OPEN = [operation for operation in each(with_scope=True) if operation.of_customer]
SHUT = [operation for operation in each(with_scope=True) if not operation.of_customer]
OF_DEVICES = [operation for operation in OPEN if "device_id" in path_parameters(operation)]
OF_CUSTOMERS = [operation for operation in OPEN if "customer_id" in path_parameters(operation)]
OF_ONE_CUSTOMER = [one for one in OF_CUSTOMERS if one.method == "GET" and path_parameters(one) == ["customer_id"]]
OF_ONE = [operation for operation in OPEN if {"alarm_id", "invoice_id"} & set(path_parameters(operation))]
LISTS = [operation for operation in OPEN if not path_parameters(operation) and not operation.session]

YEAR = {"from": "2026-01-01T00:00:00Z", "to": "2026-12-31T00:00:00Z"}


@pytest.fixture(scope="module")
def home(client: httpx.Client, acme: Org, new_holding: MakeHolding) -> Holding:
    """What an organisation holds, its device being placed with its customer."""
    holding = new_holding(acme, "managed")
    place(client, holding, holding.customer_id)
    return holding


@pytest.fixture(scope="module")
def elsewhere(client: httpx.Client, home: Holding) -> str:
    """Another customer of the organisation."""
    body = {"name": "Elsewhere", "admin_email": "e@example.org", "tenant_name": secrets.token_hex(6)}
    return str(client.post("/api/v2/customers", json=body, headers=home.org.headers()).raise_for_status().json()["id"])


@pytest.fixture(scope="module")
def grace(home: Holding) -> Person:
    return home.people.manager(f"g-{secrets.token_hex(6)}", home.customer_id)


@pytest.fixture(scope="module")
def stranger(home: Holding, elsewhere: str) -> Person:
    """The manager of the other customer."""
    return home.people.manager(f"s-{secrets.token_hex(6)}", elsewhere)


def place(client: httpx.Client, holding: Holding, customer_id: str) -> None:
    path = f"/api/v2/devices/{holding.device_id}/placement"
    client.put(path, json={"customer_id": customer_id}, headers=holding.org.headers()).raise_for_status()


def signed_in(person: Person, home: Holding) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": home.org.organization_id}


@for_each(SHUT, name_of)
def test_everything_else_is_refused(operation: Operation, client: httpx.Client, home: Holding, grace: Person) -> None:
    answer = send(client, changed(request_for(operation, home), headers=signed_in(grace, home)))
    assert answer.status in (401, 403), answer
    check_error(answer, operation)


@for_each(OF_DEVICES, name_of)
def test_a_device_is_seen_while_it_is_placed_there(
    operation: Operation, client: httpx.Client, home: Holding, grace: Person, stranger: Person
) -> None:
    assert operation.method == "GET", "managers change nothing of devices"
    request = request_for(operation, home)
    assert send(client, changed(request, headers=signed_in(grace, home))).status == 200
    answer = send(client, changed(request, headers=signed_in(stranger, home)))
    assert (answer.status, answer.json()["code"]) == (404, "devices.not_found")
    for foreign in (home.gone_device_id, "dev_0000000000000"):
        answer = send(client, changed(request_for(operation, home, device_id=foreign), headers=signed_in(grace, home)))
        assert (answer.status, answer.json()["code"]) == (404, "devices.not_found")
    path = f"/api/v2/devices/{home.device_id}/placement"
    assert client.delete(path, headers=home.org.headers()).status_code == 204
    try:
        assert send(client, changed(request, headers=signed_in(grace, home))).status == 404, "at once"
    finally:
        place(client, home, home.customer_id)


@for_each(OF_CUSTOMERS, name_of)
def test_another_customer_does_not_exist(
    operation: Operation, client: httpx.Client, home: Holding, grace: Person, stranger: Person, elsewhere: str
) -> None:
    for person, customer_id in (
        (stranger, home.customer_id),
        (grace, elsewhere),
        (grace, home.gone_customer_id),
        (grace, "cus_x"),
    ):
        answer = send(client, changed(request_for(operation, home, customer_id=customer_id), headers=signed_in(person, home)))
        assert (answer.status, answer.json()["code"]) == (404, "customers.not_found"), answer
    assert send(client, changed(request_for(operation, home), headers=signed_in(grace, home))).status < 300


@for_each(OF_ONE, name_of)
def test_what_is_of_another_customer_does_not_exist(
    operation: Operation, client: httpx.Client, home: Holding, stranger: Person
) -> None:
    answer = send(client, changed(request_for(operation, home), headers=signed_in(stranger, home)))
    assert answer.status == 404, answer


@for_each(LISTS, name_of)
def test_a_list_has_only_what_is_theirs(
    operation: Operation, client: httpx.Client, home: Holding, grace: Person, stranger: Person, elsewhere: str
) -> None:
    mine = client.get(operation.path, headers=signed_in(grace, home))
    theirs = client.get(operation.path, headers=signed_in(stranger, home))
    assert (mine.status_code, theirs.status_code) == (200, 200), (mine.text, theirs.text)
    assert elsewhere not in mine.text
    assert [one for one in theirs.json()["data"] if one["id"] != elsewhere] == []
    asked = client.get(operation.path, params={"limit": 1000}, headers=signed_in(grace, home)).json()["data"]
    assert {one.get("customer_id", home.customer_id) for one in asked} <= {home.customer_id}
    if operation.path != "/api/v2/customers":
        for person, customer_id in ((stranger, home.customer_id), (grace, elsewhere)):
            found = client.get(operation.path, params={"customer_id": customer_id}, headers=signed_in(person, home))
            assert found.json()["data"] == [], found.text


def test_lists_are_not_empty_for_the_right_manager(client: httpx.Client, home: Holding, grace: Person) -> None:
    for path, number in (("/api/v2/customers", home.customer_id), ("/api/v2/devices", home.device_id)):
        assert number in [one["id"] for one in client.get(path, headers=signed_in(grace, home)).json()["data"]]


def test_what_is_open_is_known() -> None:
    assert {operation.path for operation in LISTS} == {
        "/api/v2/customers",
        "/api/v2/devices",
        "/api/v2/invoices",
        "/api/v2/meter-alarms",
    }
    sorted_out = [*OF_DEVICES, *OF_CUSTOMERS, *OF_ONE, *LISTS]
    assert all(operation.session for operation in OPEN if operation not in sorted_out)
    changes = {(operation.method, operation.path) for operation in sorted_out if operation.method != "GET"}
    assert changes == {
        ("POST", "/api/v2/customers/{customer_id}/residents"),
        ("DELETE", "/api/v2/customers/{customer_id}/residents/{resident_id}"),
        ("POST", "/api/v2/meter-alarms/{alarm_id}/acknowledge"),
    }


def test_readings_from_before_the_placement_are_not_shown(
    client: httpx.Client, home: Holding, elsewhere: str, stranger: Person
) -> None:
    headers = home.org.headers()
    device = client.post("/api/v2/devices", json={"name": "Moved"}, headers=headers).json()["device"]["id"]
    path = f"/api/v2/devices/{device}"
    for day in (1, 3):
        body = {"data": {"consumption_m3": day}, "time": f"2026-01-0{day}T00:00:00Z"}
        client.post(f"{path}/telemetry", json=body, headers=headers).raise_for_status()
    client.put(f"{path}/placement", json={"customer_id": home.customer_id}, headers=headers).raise_for_status()
    moved = {"customer_id": elsewhere, "from": "2026-01-02T00:00:00Z"}
    client.put(f"{path}/placement", json=moved, headers=headers).raise_for_status()
    query = {"from": "2025-12-31T00:00:00Z", "to": "2026-01-05T00:00:00Z"}
    for operation, count in (("telemetry", 1), ("meter/values", 1)):
        found = client.get(f"{path}/{operation}", params=query, headers=signed_in(stranger, home))
        assert len(found.raise_for_status().json()["data"]) == count, found.text


@for_each(OF_ONE_CUSTOMER, name_of)
def test_of_their_customer_they_see_all(operation: Operation, client: httpx.Client, home: Holding, grace: Person) -> None:
    path = operation.path.replace("{customer_id}", home.customer_id)
    query = YEAR if {"from", "to"} <= {*wire_names(operation.query)} else {}
    mine, owners = (client.get(path, params=query, headers=one) for one in (signed_in(grace, home), home.org.headers()))
    assert (mine.status_code, mine.text) == (200, owners.text)


def test_a_whole_month_shows_only_its_part_since_the_placement(client: httpx.Client, home: Holding, elsewhere: str) -> None:
    headers, person = home.org.headers(), home.people.manager(f"w-{secrets.token_hex(6)}", elsewhere)
    device = client.post("/api/v2/devices", json={"name": "Moved"}, headers=headers).json()["device"]["id"]
    path = f"/api/v2/devices/{device}"
    for day, value in ((1, 0), (11, 100), (21, 130)):
        body = {"data": {"consumption_m3": value}, "time": f"2026-01-{day:02}T00:00:00Z"}
        client.post(f"{path}/telemetry", json=body, headers=headers).raise_for_status()
    for customer_id, day in ((home.customer_id, 1), (elsewhere, 11)):
        placement = {"customer_id": customer_id, "from": f"2026-01-{day:02}T00:00:00Z"}
        client.put(f"{path}/placement", json=placement, headers=headers).raise_for_status()
    for bucket in ("month", "week", "day"):
        query = {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z", "bucket": bucket, "estimate": False}
        found = client.get(f"{path}/consumption", params=query, headers=signed_in(person, home)).raise_for_status().json()
        assert sum(one["consumption"] or 0 for one in found["data"]) == pytest.approx(30), bucket


def test_what_the_meter_showed_before_the_placement_is_not_shown(
    client: httpx.Client, home: Holding, elsewhere: str, stranger: Person
) -> None:
    headers = home.org.headers()
    device = client.post("/api/v2/devices", json={"name": "Replaced"}, headers=headers).json()["device"]["id"]
    path = f"/api/v2/devices/{device}"
    client.put(f"{path}/placement", json={"customer_id": home.customer_id}, headers=headers).raise_for_status()
    for month in (1, 2, 3):
        change = {"register": "volume", "at": f"2026-0{month}-01T00:00:00Z", "last_value": 90 + month, "first_value": month}
        client.post(f"{path}/meter/replacements", json=change, headers=headers).raise_for_status()
    moved = {"customer_id": elsewhere, "from": "2026-02-15T00:00:00Z"}
    client.put(f"{path}/placement", json=moved, headers=headers).raise_for_status()
    found = client.get(f"{path}/meter", headers=signed_in(stranger, home)).raise_for_status().json()["registers"]
    assert [(one["first_value"], one["last_value"]) for one in found] == [(None, 93), (3, None)]


def test_no_other_role_becomes_a_manager_or_ceases_to_be_one(client: httpx.Client, home: Holding, grace: Person) -> None:
    headers = home.org.headers()
    answer = client.patch(f"/api/v2/members/{grace.user_id}", json={"role": "viewer"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "members.is_customer_manager")
    body = {"email": "x@example.org", "role": "customer_manager"}
    assert client.post("/api/v2/invitations", json=body, headers=headers).status_code == 400
    assert (
        client.patch(f"/api/v2/members/{home.member.user_id}", json={"role": "customer_manager"}, headers=headers).status_code
        == 400
    )


def test_access_ends_with_the_customer(client: httpx.Client, home: Holding) -> None:
    body = {"name": "Short", "admin_email": "e@example.org", "tenant_name": secrets.token_hex(6)}
    path = "/api/v2/customers"
    customer = client.post(path, json=body, headers=home.org.headers()).json()["id"]
    person = home.people.manager(f"e-{secrets.token_hex(6)}", customer)
    assert client.get(f"{path}/{customer}", headers=signed_in(person, home)).status_code == 200
    assert client.delete(f"{path}/{customer}", headers=home.org.headers()).status_code == 204
    assert client.get(f"{path}/{customer}", headers=signed_in(person, home)).status_code == 401
    members = client.get("/api/v2/members", params={"limit": 1000}, headers=home.org.headers()).text
    assert person.user_id not in members
