"""Licences: one per device, free ones first, free again when the device is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Project = tuple[str, Callable[[], list[dict[str, Any]]]]


@pytest.fixture
def project(api: httpx.Client) -> Project:
    """A project of its own, and its licences."""
    project_id = api.post("/api/v2/projects", json={"name": "Seats"}).json()["id"]
    return project_id, lambda: api.get(f"/api/v2/projects/{project_id}/licenses").json()["data"]


def create(api: httpx.Client, project_id: str) -> str:
    return str(api.post("/api/v2/devices", json={"name": "Pump", "project_id": project_id}).json()["device"]["id"])


def test_a_device_takes_a_new_licence_when_none_is_free(api: httpx.Client, project: Project) -> None:
    project_id, licenses = project
    device_id = create(api, project_id)
    [licence] = licenses()
    assert (licence["status"], licence["device_id"], len(licence["id"])) == ("paired", device_id, 32)


def test_a_device_takes_the_oldest_free_licence(api: httpx.Client, project: Project) -> None:
    project_id, licenses = project
    issued = [api.post(f"/api/v2/projects/{project_id}/licenses", json={}).json()["data"][0]["id"] for _ in range(2)]
    device_id = create(api, project_id)
    assert {one["id"]: one["device_id"] for one in licenses()} == {issued[0]: device_id, issued[1]: None}


def test_the_licence_of_a_deleted_device_is_free_again(api: httpx.Client, project: Project) -> None:
    project_id, licenses = project
    api.delete(f"/api/v2/devices/{create(api, project_id)}")
    [licence] = licenses()
    assert (licence["status"], licence["device_id"]) == ("available", None)
    create(api, project_id)
    assert [one["id"] for one in licenses()] == [licence["id"]]


def test_a_licence_moves_with_its_device(api: httpx.Client, project: Project) -> None:
    project_id, licenses = project
    device_id = create(api, project_id)
    [licence] = licenses()
    other = api.post("/api/v2/projects", json={"name": "Elsewhere"}).json()["id"]
    assert api.patch(f"/api/v2/devices/{device_id}", json={"project_id": other}).status_code == 200
    assert licenses() == []
    assert api.get(f"/api/v2/projects/{other}/licenses").json()["data"] == [licence | {"project_id": other}]


def test_only_a_free_licence_is_withdrawn(api: httpx.Client, project: Project) -> None:
    project_id, licenses = project
    path = f"/api/v2/projects/{project_id}/licenses"
    free = api.post(path, json={"count": 1}).json()["data"][0]["id"]
    assert api.delete(f"{path}/{free}").status_code == 204
    assert api.delete(f"{path}/{free}").status_code == 404
    create(api, project_id)
    [paired] = licenses()
    answer = api.delete(f"{path}/{paired['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "licenses.paired")


def test_a_licence_is_not_withdrawn_through_another_project(api: httpx.Client, project: Project) -> None:
    project_id, licenses = project
    [free] = api.post(f"/api/v2/projects/{project_id}/licenses", json={"count": 1}).json()["data"]
    other = api.post("/api/v2/projects", json={"name": "Elsewhere"}).json()["id"]
    answer = api.delete(f"/api/v2/projects/{other}/licenses/{free['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "licenses.not_found")
    assert licenses() == [free]


def test_licences_come_in_pages(api: httpx.Client, project: Project) -> None:
    project_id, licenses = project
    path = f"/api/v2/projects/{project_id}/licenses"
    issued = [one["id"] for one in api.post(path, json={"count": 5}).json()["data"]]
    assert issued == sorted(issued) == [one["id"] for one in licenses()]
    first = api.get(path, params={"limit": 3}).json()
    second = api.get(path, params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for page in (first, second) for one in page["data"]] == issued
    assert second["next_cursor"] is None


def test_a_project_has_so_many_free_licences_and_no_more(api: httpx.Client, project: Project) -> None:
    path = f"/api/v2/projects/{project[0]}/licenses"
    for _ in range(10):
        assert api.post(path, json={"count": 1000}).status_code == 201
    assert api.post(path, json={"count": 1}).json()["code"] == "licenses.limit_reached"


def test_issuing_and_withdrawing_are_in_the_audit_log(api: httpx.Client, project: Project) -> None:
    project_id, _ = project
    path = f"/api/v2/projects/{project_id}/licenses"
    free = api.post(path, json={}).json()["data"][0]["id"]
    api.delete(f"{path}/{free}")
    target = {"action": "license.*", "limit": 2}
    actions = [row["action"] for row in api.get("/api/v2/logs", params=target).json()["data"]]
    assert actions == ["license.withdraw", "license.issue"]
