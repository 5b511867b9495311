"""The audit log: filters, entries, export, verification."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

AUDIT = "/console/audit"
NAME = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def owner(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        browser.post("/console/people/groups", {"name": NAME})
        yield browser


def test_entries_are_filtered_and_escaped(owner: Browser, org: Org) -> None:
    owner.get(AUDIT)
    assert "org.group.create" in owner.page
    assert "&lt;img src=x" in owner.page
    assert "<img src=x" not in owner.page
    owner.get(AUDIT, params={"group": "auth.*"})
    assert "auth.signin.success" in owner.page
    assert "org.group.create" not in owner.page
    assert "format=csv&amp;action=auth" in owner.page, "the export has the same filters"
    assert "auth.signin.success" not in owner.get(AUDIT, params={"actor": "nobody@example.org"}).text
    assert owner.get(AUDIT, params={"outcome": "perhaps"}).status_code == 400


def test_entries_of_some_days_are_found_in_the_zone_of_the_person(owner: Browser) -> None:
    assert "org.group.create" in owner.get(AUDIT, params={"from": "2020-01-01", "to": "2099-01-01"}).text
    assert "from=2020-01-01T00%3A00%3A00Z" in owner.page, "the export has the same span"
    assert "org.group.create" not in owner.get(AUDIT, params={"to": "2020-01-01"}).text
    assert owner.get(AUDIT, params={"from": "yesterday"}).status_code == 400


def test_an_export_comes_through_the_door(owner: Browser) -> None:
    answer = owner.get("/console/api/v2/logs/export", params={"format": "csv", "action": "org.*"})
    assert answer.status_code == 200
    assert answer.text.startswith("seq,")


def test_the_chain_is_verified(in_process: InProcessServer, owner: Browser, org: Org) -> None:
    with in_process.client(org) as api:
        found = api.get("/api/v2/logs/verify").json()
        assert (found["intact"], found["fault"], found["next_cursor"]) == (True, None, None)
        assert found["rows"] == found["seq"] > 1
        assert api.get("/api/v2/logs/verify", params={"cursor": "x"}).status_code == 400
    owner.get(AUDIT)
    owner.post(f"{AUDIT}/verify")
    assert "entries are intact" in owner.page
    assert owner.post(f"{AUDIT}/verify", {"cursor": "x", "rows": "<b>"}).status_code == 400


def test_the_log_is_for_those_who_oversee(in_process: InProcessServer, org: Org) -> None:
    (person,) = Registry(org.data_dir, org.organization_id, in_process.run).members("unseeing", "member")
    with browser_of(in_process, org, person.email, PASSWORD) as member:
        assert member.get(AUDIT).status_code == 403
        assert member.post(f"{AUDIT}/verify").status_code == 403
