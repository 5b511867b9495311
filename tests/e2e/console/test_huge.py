"""Pages of an organisation with thousands of each thing: they show a page of them, and hold no more."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from penstock.bootstrap import Control
from penstock.kit.ids import OrgId, Prefix, decode
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.waiting import awaited

Change = Callable[[dict[str, Any], int], dict[str, Any]]
PAGE = 200
"""More rows or options are in no page."""
MAX_BYTES = 600_000
LISTS = {"webhooks": 1000, "rules": 1000, "audit": 5000, "alerts": 2000, "customers": 1000}
"""The lists, and how many things each has."""
OTHERS = (
    "",
    "/alerts/definitions",
    "/alerts/new",
    "/devices",
    "/devices/new",
    "/events",
    "/keys/new",
    "/rules/new",
    "/rules/runs",
    "/usage",
    "/webhooks/topics/alert.raised",
    "/people/groups",
    "/dashboards/new",
    "/webhooks/new",
    "/webhooks/topics",
)
"""Pages that choose among these things, or count them."""


def multiply(database: sqlite3.Connection, table: str, org_id: int, count: int, change: Change) -> None:
    """Copy a row of the organisation, with new ids and what `change` makes of it."""
    row = dict(database.execute(f"SELECT * FROM {table} WHERE org_id = ? ORDER BY rowid DESC LIMIT 1", (org_id,)).fetchone())
    highest = database.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
    rows = [row | {"id": highest + number} | change(row, number) for number in range(1, count)]
    database.executemany(f"INSERT INTO {table} VALUES ({', '.join(f':{name}' for name in row)})", rows)


def multiply_audit(database: sqlite3.Connection, org_id: int, count: int) -> None:
    row = dict(database.execute("SELECT * FROM audit_entries WHERE org_id = ? ORDER BY seq DESC LIMIT 1", (org_id,)).fetchone())
    rows = [row | {"seq": row["seq"] + number} for number in range(1, count)]
    database.execute("UPDATE audit_heads SET seq = seq + ? WHERE org_id = ?", (len(rows), org_id))
    database.executemany(f"INSERT INTO audit_entries VALUES ({', '.join(f':{name}' for name in row)})", rows)


def seed(database: sqlite3.Connection, org_id: int) -> None:
    """Copy one of each until there are as many as `LISTS` says."""
    multiply(database, "webhook_endpoints", org_id, LISTS["webhooks"], lambda _, number: {"name": f"Hook {number}"})
    multiply(database, "rules", org_id, LISTS["rules"], lambda _, number: {"name": f"Rule {number}"})
    first = database.execute("SELECT max(id) FROM rules").fetchone()[0] - LISTS["rules"] + 1
    multiply(database, "rule_versions", org_id, LISTS["rules"], lambda _, number: {"rule_id": first + number})
    multiply(database, "alert_events", org_id, LISTS["alerts"], lambda *_: {})
    houses = LISTS["customers"]
    multiply(database, "customers", org_id, houses, lambda _, n: {"name": f"House {n}", "tenant_name": f"house-{n}"})
    multiply_audit(database, org_id, LISTS["audit"])


async def copies(control: Control, org_id: OrgId) -> None:
    async with control.database.transaction(org_id) as tx:
        await tx.audit._session.call(lambda database: seed(database, org_id))  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer) -> Iterator[Browser]:
    org = in_process.new_org()
    with in_process.client(org) as api:

        def call(path: str, body: Any) -> Any:
            answer = api.post(f"/api/v2/{path}", json=body)
            assert answer.is_success, answer.text
            return answer.json()

        device = call("devices", {"name": "Pump"})["device"]["id"]
        call("webhooks", {"url": "https://example.org/hook", "topics": ["alert.raised"], "name": "Hook"})
        definition = {
            "trigger": {"type": "reading", "device_ids": [device], "sensors": ["temperature"]},
            "condition": "reading.values.temperature > 200.0",
            "actions": [{"type": "label", "key": "oven", "value": "hot"}],
        }
        call("rules", {"name": "Rule", "definition": definition})
        call("customers", {"name": "House", "admin_email": "ada@example.org", "tenant_name": "house"})
        condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": 5}
        call("alerts", {"name": "Warm", "target": {"devices": [device]}, "condition": condition})
        call(f"devices/{device}/telemetry", {"data": {"temperature": 9}})
        awaited(lambda: api.get("/api/v2/alert-events").json()["data"], what="the alert")
    org_id = decode(Prefix.ORGANIZATION, org.organization_id)
    assert org_id is not None
    in_process.run(lambda control: copies(control, OrgId(org_id)))
    with browser_of(in_process, org) as browser:
        yield browser


def too_much(page: str) -> list[str]:
    """What is in a page more often than a page of a list has rows."""
    found = [f"{page.count(f'<{tag}')} × {tag}" for tag in ("tr", "option", "li", "article") if page.count(f"<{tag}") > PAGE]
    return found + ([f"{len(page)} characters"] if len(page) > MAX_BYTES else [])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_pages(name: str, browser: Browser) -> None:
    answer = browser.get(f"/console/{name}")
    assert answer.status_code == 200
    assert too_much(browser.page) == []
    assert 10 < browser.page.count("<tr") <= 102
    first = set(re.findall(r'data-href="([^"]+)"', browser.page))
    onward = re.search(r'href="([^"]*cursor=[^"]+)"', browser.page)
    assert onward is not None
    browser.get(onward[1].replace("&amp;", "&"))
    assert 10 < browser.page.count("<tr") <= 102
    assert not first & set(re.findall(r'data-href="([^"]+)"', browser.page))


def test_no_other_page_holds_all(browser: Browser) -> None:
    found = []
    for path in OTHERS:
        answer = browser.get(f"/console{path}")
        answer = browser.follow(answer) if answer.status_code == 303 else answer
        assert answer.status_code == 200, path
        found += [(path, one) for one in too_much(browser.page)]
    assert found == []
