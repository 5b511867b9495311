"""What the parameters of a list ask for, and lists over HTTP that are searched and sorted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from penstock.api.v2.views import order_of, view_of
from penstock.api.v2.wire import NewestFirst
from penstock.kit.ordering import View
from tests.security.people import Registry
from tests.support.in_process import InProcessServer


def test_a_text_and_an_order_are_asked_for() -> None:
    query = NewestFirst(q="pump", sort="name")
    assert view_of(query) == View(text="pump", sort="name")
    assert order_of(query) == View(sort="name")


NAMES = ("Sorted_beta", "sorted_Alpha", "SORTED_gamma")
FOUND, NOT_FOUND = "Sorted", ("so%ed", "t_d")
"""A text in all of them, and texts that would be in them if `%` and `_` were wildcards."""
METERED = {"kind": "volume", "name": "Water", "unit": "m3", "tiers": [{"price": "1"}], "vat_rate": "7"}
RULE = {"trigger": {"type": "reading"}, "condition": "", "actions": [{"type": "label", "key": "a", "value": "b"}]}
ALERT = {"condition": {"type": "threshold", "field": "t", "operator": ">", "value": 6}}
KEY = {"scopes": ["devices:read"]}
BODIES: dict[str, dict[str, Any]] = {
    "alerts": ALERT,
    "commands": {},
    "connections": {"type": "chirpstack"},
    "customers": {"timezone": "UTC"},
    "dashboards": {},
    "devices": {},
    "event-types": {},
    "groups": {},
    "inbox/addresses": {},
    "keys": KEY,
    "notification-channels": {
        "kind": "slack",
        "url": "https://hooks.slack.com/services/T00000000/B00000000/x7Qdx7Qdx7Qdx7Qdx7Qdx7Qd",
    },
    "profiles": {},
    "projects": {},
    "rules": {"definition": RULE},
    "secrets": {"value": "correct horse"},
    "sensor-templates": {"key": "listed"},
    "tariffs": {"currency": "EUR", "from": "2026-01-01", "items": [METERED]},
    "tokens": {"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"},
    "webhooks": {"url": "https://hooks.example.org/listed", "topics": ["device.*"]},
}
"""What else three things of each list are made with. People, invitations and residents are made in their own way."""
OTHERWISE = ("members", "invitations", "customers/{customer_id}/residents")
LOWER = {"secrets", "tokens"}
UNSORTED = {"secrets"}
NOT_LISTS = {"search"}


class Listed(msgspec.Struct):
    """Lists of one organisation with three things each, by the path of the list in the document."""

    api: httpx.Client
    document: dict[str, Any]
    paths: dict[str, str]

    def parameters(self, listed: str) -> dict[str, Any]:
        """The schemas of the parameters of a list, by name."""
        found = self.document["paths"][f"/api/v2/{listed}"]["get"]["parameters"]
        return {one["name"]: one["schema"] for one in found if one.get("in") == "query"}

    def all(self, listed: str, **query: str) -> list[dict[str, Any]]:
        """All rows, by pages of one."""
        rows, cursor = [], None
        while True:
            answer = self.api.get(self.paths[listed], params=query | {"limit": "1"} | ({"cursor": cursor} if cursor else {}))
            assert answer.status_code == 200, answer.text
            page = answer.json()
            rows += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return rows


@pytest.fixture(scope="module")
def listed(in_process: InProcessServer) -> Iterator[Listed]:
    org = in_process.new_org()
    with in_process.client(org) as api:
        found = Listed(api, api.get("/openapi.json").json(), {path: f"/api/v2/{path}" for path in (*BODIES, *OTHERWISE)})
        owners = _owners(api)
        for path, body in BODIES.items():
            for number, name in enumerate(NAMES):
                _made(api.post(f"/api/v2/{path}", json=_body(path, body | owners.get(path, {}), name, number)))
        customer = _made(api.post("/api/v2/customers", json=_body("customers", BODIES["customers"], "Residence", 9)))["id"]
        found.paths["customers/{customer_id}/residents"] = f"/api/v2/customers/{customer}/residents"
        for name in NAMES:
            _made(api.post(f"/api/v2/customers/{customer}/residents", json={"name": name, "email": f"{name}@example.org"}))
            _made(api.post("/api/v2/invitations", json={"email": f"{name}@example.org", "role": "member"}))
        registry = Registry(org.data_dir, org.organization_id, org.run)
        for name, person in zip(NAMES, registry.members("listed", "admin", "member", "viewer"), strict=True):
            own = {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": org.organization_id}
            with in_process.client() as client:
                _made(client.patch("/api/v2/profile", json={"name": name}, headers=own))
        yield found


def _owners(api: httpx.Client) -> dict[str, dict[str, Any]]:
    """What things of some lists belong to, by the path of the list."""
    device = _made(api.post("/api/v2/devices", json={"name": "Owner"}))["device"]["id"]
    project = _made(api.post("/api/v2/projects", json={"name": "Owner"}))["id"]
    return {
        "commands": {"device_id": device},
        "alerts": {"target": {"devices": [device]}},
        "event-types": {"project_id": project},
    }


def _body(path: str, body: dict[str, Any], name: str, number: int) -> dict[str, Any]:
    if path == "inbox/addresses":
        return {"value": f"+44770090012{number}", "label": name}
    if path == "customers":
        body = body | {"admin_email": f"c{number}@example.org", "tenant_name": f"listed-{number}"}
    return body | {"name": name.lower() if path in LOWER else name}


def _made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201, 202), f"{answer.request.url} {answer.text}"
    return dict(answer.json())


def test_each_list_that_is_searched_or_sorted_is_tried(listed: Listed) -> None:
    paths = [path.removeprefix("/api/v2/") for path in listed.document["paths"] if path.startswith("/api/v2/")]
    views = {path for path in paths if "get" in listed.document["paths"][f"/api/v2/{path}"]}
    found = {path for path in views if {"q", "sort"} & listed.parameters(path).keys()}
    assert found - NOT_LISTS == {*BODIES, *OTHERWISE}


@pytest.mark.parametrize("path", [*BODIES, *OTHERWISE])
def test_a_text_is_found_in_a_list_and_is_no_pattern(listed: Listed, path: str) -> None:
    name = "search" if "search" in listed.parameters(path) else "q"
    assert len(listed.all(path, **{name: FOUND.upper()})) == len(NAMES)
    assert [listed.all(path, **{name: text}) for text in NOT_FOUND] == [[], []]


@pytest.mark.parametrize("path", sorted({*BODIES, *OTHERWISE} - UNSORTED))
def test_a_list_is_sorted_over_its_pages(listed: Listed, path: str) -> None:
    parameters = listed.parameters(path)
    name = "search" if "search" in parameters else "q"
    orders = parameters["sort"].get("enum") or parameters["sort"]["anyOf"][0]["enum"]
    for sort, other in zip(orders, reversed(orders), strict=True):
        rows = listed.all(path, **{name: FOUND}, sort=sort)
        values = [str(row[sort.lstrip("-")] or "").lower() for row in rows]
        assert len(rows) == len(NAMES), sort
        assert values == sorted(values, reverse=sort.startswith("-")), sort
        cursor = listed.api.get(listed.paths[path], params={"sort": sort, "limit": "1"}).json()["next_cursor"]
        refused = listed.api.get(listed.paths[path], params={"sort": other, "limit": "1", "cursor": cursor})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "cursor"), (sort, other)
