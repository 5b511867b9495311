"""A key that is bound to a project: the matrix of foreign ids again, with the other project of the same organisation."""

from __future__ import annotations

import json
from typing import Any

import httpx
import msgspec
import pytest

from penstock.core.tenancy.scopes import ALL
from penstock.kit.operation import Operation
from tests.security.calls import check_error, request_for, send
from tests.security.holding import Holding, MakeHolding
from tests.security.matrix import leaks_of_all
from tests.security.table import each, name_of, references
from tests.support.cases import for_each
from tests.support.server import Org, run_cli

ALLOWED = [operation for operation in each(with_scope=True) if operation.of_project]
OTHERS = [operation for operation in each(with_scope=True) if not operation.of_project and not operation.session]

SHARED = ("identifiers", "template_id")
"""Fields that name what is the organisation's and no project's: identifiers are unique in it, and sensor templates, which hold no
more than a name, a key and a unit, are for the devices of all its projects."""


def bound(client: httpx.Client, holding: Holding) -> Holding:
    """The same things, held by a key that is bound to their project."""
    wanted = {"name": "bound", "scopes": sorted(ALL), "project_id": holding.project_id}
    made = client.post("/api/v2/keys", json=wanted, headers=holding.org.headers())
    assert made.status_code == 201, made.text
    assert made.json()["key"]["project_id"] == holding.project_id
    org = Org(**{**vars(holding.org), "api_key": made.json()["value"], "project_id": holding.project_id})
    return msgspec.structs.replace(holding, org=org)


def elsewhere(holding: Holding, acme: Org) -> Holding:
    """What another project has, as the matrix looks for it: without what is the organisation's."""
    shared = {acme.organization_id, acme.project_id, acme.api_key[:8]}
    return msgspec.structs.replace(holding, marks=holding.marks - shared)


def test_another_project_is_like_another_organisation(client: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    mine, theirs = bound(client, new_holding(acme, "mine")), elsewhere(bound(client, new_holding(acme, "theirs")), acme)
    assert leaks_of_all(client, [one for one in ALLOWED if not references(one.body)], lambda _: mine, theirs) == []


def test_a_name_in_another_project_is_like_an_unknown_one(client: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    theirs = elsewhere(bound(client, new_holding(acme, "theirs")), acme)

    def of_caller(operation: Operation) -> Holding:
        return bound(client, new_holding(acme, "mine", operation))

    found = leaks_of_all(client, [one for one in ALLOWED if references(one.body)], of_caller, theirs)
    found = [leak for leak in found if not any(f"body {name}" in leak for name in SHARED)]
    assert found == [], "but for what all projects share"


@pytest.mark.prove
@for_each(ALLOWED, name_of)
def test_its_own_project_is_answered(operation: Operation, client: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    mine = bound(client, new_holding(acme, "mine", operation))
    answer = send(client, request_for(operation, mine))
    assert answer.status < 300, answer


@pytest.fixture(scope="module")
def inside(client: httpx.Client, theirs: Holding) -> Holding:
    """What Acme has, in the hands of a key that is bound to a project of it."""
    return bound(client, theirs)


@for_each(OTHERS, name_of)
def test_the_organisation_as_a_whole_is_out_of_bounds(operation: Operation, client: httpx.Client, inside: Holding) -> None:
    answer = send(client, request_for(operation, inside))
    assert answer.status == 403, answer
    check_error(answer, operation)
    if operation.surface == "v2":
        assert answer.json()["code"] == "auth.project_bound"


def test_what_it_makes_is_in_its_project(client: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    mine, theirs = bound(client, new_holding(acme, "mine")), new_holding(acme, "theirs")

    def create(**fields: Any) -> httpx.Response:
        return client.post("/api/v2/devices", json={"name": "new"} | fields, headers=mine.org.headers())

    assert create().json()["device"]["project_id"] == mine.project_id
    assert create(project_id=theirs.project_id).status_code == 404
    path = f"/api/v2/devices/{mine.device_id}"
    moved = client.patch(path, json={"project_id": theirs.project_id}, headers=mine.org.headers())
    assert moved.status_code == 404
    listed = client.get("/api/v2/devices", params={"project_id": theirs.project_id}, headers=mine.org.headers())
    assert listed.json()["data"] == []
    projects = client.get("/api/v2/projects", headers=mine.org.headers()).json()["data"]
    assert [project["id"] for project in projects] == [mine.project_id]


def test_rows_for_other_projects_are_refused_one_by_one(client: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    mine, theirs = bound(client, new_holding(acme, "mine")), new_holding(acme, "theirs")
    rows = [{"device_id": mine.device_id}, {"device_id": theirs.device_id}, {"device": theirs.serial}, {"device": mine.serial}]
    answer = client.post("/api/v2/telemetry", json=[row | {"data": {"x": 1}} for row in rows], headers=mine.org.headers())
    assert answer.status_code == 207
    assert [(error["row"], error["code"]) for error in answer.json()["errors"]] == [
        (1, "devices.not_found"),
        (2, "devices.not_found"),
    ]


def test_a_device_that_leaves_the_project_is_gone(client: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    whole = new_holding(acme, "mine")
    mine, path = bound(client, whole), f"/api/v2/devices/{whole.device_id}"
    assert client.get(path, headers=mine.org.headers()).status_code == 200
    client.patch(path, json={"project_id": acme.project_id}, headers=acme.headers())
    assert client.get(path, headers=mine.org.headers()).status_code == 404
    reading = {"data": {"x": 1}}
    assert client.post(f"{path}/telemetry", json=reading, headers=mine.org.headers()).status_code == 404


def test_a_rotated_key_stays_bound_and_a_foreign_project_binds_nobody(
    client: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding
) -> None:
    holding, foreign = new_holding(acme, "mine"), new_holding(other, "other")
    wanted = {"name": "bound", "project_id": holding.project_id}
    key = client.post("/api/v2/keys", json=wanted, headers=acme.headers()).json()["key"]["id"]
    rotated = client.post(f"/api/v2/keys/{key}/rotate", json={}, headers=acme.headers()).json()
    assert rotated["key"]["project_id"] == holding.project_id
    answer = client.post("/api/v2/keys", json=wanted | {"project_id": foreign.project_id}, headers=acme.headers())
    assert answer.status_code == 404
    made = run_cli(
        *("key", "create", "--data-dir", str(acme.data_dir), "--org", "Acme", "--name", "cli", "--scopes", "devices:read"),
        *("--project", holding.project_id, "--json"),
    )
    value = json.loads(made.stdout)["api_key"]
    sent = {"X-API-Key": value, "X-Organization-Id": acme.organization_id}
    assert client.get("/api/v2/devices", headers=sent).json()["data"][0]["project_id"] == holding.project_id


def test_the_list_is_not_empty() -> None:
    assert len(ALLOWED) > 25
