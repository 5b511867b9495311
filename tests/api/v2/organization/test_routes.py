"""Projects over the native API: what they are called elsewhere, and what their agents run on."""

from __future__ import annotations

import re
import secrets

import httpx
import pytest


def test_a_project_has_an_alias_and_a_platform(api: httpx.Client) -> None:
    made = api.post("/api/v2/projects", json={"name": "South wing"})
    assert made.status_code == 201
    assert re.fullmatch("[0-9a-f]{24}", made.json()["alias"])
    assert made.json()["platform"] == "AMD64"
    assert api.get(f"/api/v2/projects/{made.json()['id']}").json() == made.json()
    assert made.json() in api.get("/api/v2/projects").json()["data"]


def test_a_project_keeps_the_alias_it_brings_and_nobody_else_gets_it(api: httpx.Client) -> None:
    wanted = {"name": "North pumps", "alias": secrets.token_hex(12), "platform": "Raspberry Pi"}
    made = api.post("/api/v2/projects", json=wanted)
    assert made.status_code == 201
    assert {name: made.json()[name] for name in wanted} == wanted
    again = api.post("/api/v2/projects", json=wanted | {"name": "Other"})
    assert (again.status_code, again.json()["code"]) == (409, "projects.alias_taken")


@pytest.mark.parametrize(
    "field", [{"alias": "abc"}, {"alias": "g" * 24}, {"alias": "a" * 24 + "\n"}, {"alias": "A" * 24}, {"platform": "amd64"}]
)
def test_what_is_no_alias_and_no_platform_is_refused(api: httpx.Client, field: dict[str, str]) -> None:
    answer = api.post("/api/v2/projects", json={"name": "No", **field})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, next(iter(field)))


def test_projects_have_pages(api: httpx.Client) -> None:
    for number in range(3):
        api.post("/api/v2/projects", json={"name": f"Paged {number}"})
    whole = api.get("/api/v2/projects", params={"limit": 1000}).json()
    assert whole["next_cursor"] is None
    found: list[dict[str, str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get("/api/v2/projects", params={"limit": 2} | cursor).json()
        found += page["data"]
        if page["next_cursor"] is None:
            break
        assert len(page["data"]) == 2
        cursor = {"cursor": page["next_cursor"]}
    assert found == whole["data"]
    assert len(found) >= 4
