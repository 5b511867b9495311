"""Customers and residents over the native API."""

from __future__ import annotations

import secrets
from typing import Any

import httpx

CUSTOMERS = "/api/v2/customers"


def created(api: httpx.Client, name: str = "Riverside") -> dict[str, Any]:
    """A new customer."""
    body = {"name": name, "admin_email": "ada@example.org", "tenant_name": f"t-{secrets.token_hex(6)}"}
    answer = api.post(CUSTOMERS, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert {name: found[name] for name in body} == body
    return found


def test_a_customer_is_shown_listed_and_removed(api: httpx.Client) -> None:
    customer = created(api)
    path = f"{CUSTOMERS}/{customer['id']}"
    assert api.get(path).json() == customer
    assert customer in api.get(CUSTOMERS, params={"limit": "1000"}).json()["data"]
    assert api.delete(path).status_code == 204
    for answer in (api.get(path), api.delete(path), api.get(f"{path}/residents")):
        assert (answer.status_code, answer.json()["code"]) == (404, "customers.not_found")


def test_customers_come_by_pages_oldest_first(api: httpx.Client) -> None:
    made = [created(api)["id"] for _ in range(3)]
    seen: list[str] = []
    cursor = ""
    for _ in range(10_000):
        page = api.get(CUSTOMERS, params={"limit": "2"} | ({"cursor": cursor} if cursor else {})).json()
        seen += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(seen)
    assert [one for one in seen if one in made] == made


def test_a_tenant_name_routes_to_one_customer(api: httpx.Client) -> None:
    customer = created(api)
    again = {"name": "Other", "admin_email": "ada@example.org", "tenant_name": customer["tenant_name"]}
    answer = api.post(CUSTOMERS, json=again)
    assert (answer.status_code, answer.json()["code"]) == (409, "customers.tenant_name_taken")
    assert api.delete(f"{CUSTOMERS}/{customer['id']}").status_code == 204
    assert api.post(CUSTOMERS, json=again).status_code == 201


def test_residents_are_a_customer_s(api: httpx.Client) -> None:
    mine, another = created(api), created(api)
    path = f"{CUSTOMERS}/{mine['id']}/residents"
    resident = api.post(path, json={"name": "Grace", "email": "grace@example.org"}).json()
    assert resident["customer_id"] == mine["id"]
    assert api.get(path).json() == {"data": [resident], "next_cursor": None}
    assert api.get(f"{CUSTOMERS}/{another['id']}/residents").json()["data"] == []
    elsewhere = api.delete(f"{CUSTOMERS}/{another['id']}/residents/{resident['id']}")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "residents.not_found")
    assert api.delete(f"{path}/{resident['id']}").status_code == 204
    assert api.get(path).json()["data"] == []


def test_what_was_done_is_in_the_audit_log(api: httpx.Client) -> None:
    customer = created(api, "Audited")
    residents = f"{CUSTOMERS}/{customer['id']}/residents"
    resident = api.post(residents, json={"name": "Grace", "email": "grace@example.org"}).json()
    assert api.delete(f"{residents}/{resident['id']}").status_code == 204
    assert api.delete(f"{CUSTOMERS}/{customer['id']}").status_code == 204
    for action, target in (
        ("customer.create", customer),
        ("resident.create", resident),
        ("resident.delete", resident),
        ("customer.delete", customer),
    ):
        rows = api.get("/api/v2/logs", params={"action": action, "limit": "100"}).json()["data"]
        assert target["id"] in str(rows), action


def test_a_body_at_fault_names_its_field(api: httpx.Client) -> None:
    good = {"name": "Riverside", "admin_email": "ada@example.org", "tenant_name": "x"}
    for field, value in (("name", ""), ("admin_email", "nobody"), ("tenant_name", "t" * 201), ("admin_email", "a@b\n")):
        answer = api.post(CUSTOMERS, json=good | {field: value})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
