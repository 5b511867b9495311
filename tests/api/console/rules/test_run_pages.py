"""What rules did, and what they would have done."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.console.cold_store import ColdStore
from tests.support.console import Browser
from tests.support.waiting import awaited


@pytest.fixture(scope="module")
def rule(store: ColdStore) -> dict[str, Any]:
    """A rule that ran once, and failed at its second action."""
    definition = {
        "trigger": {"type": "reading", "sensors": ["temperature"]},
        "condition": "reading.values.temperature > 6.0",
        "actions": [{"type": "label", "key": "state", "value": "warm"}, {"type": "command", "command": "nothing"}],
    }
    found: dict[str, Any] = store.call("POST", "/api/v2/rules", {"name": "Warm", "definition": definition})
    store.call("POST", f"/api/v2/rules/{found['id']}/versions/{found['newest']['id']}/deploy")
    store.report(5, 7)
    awaited(lambda: store.call("GET", f"/api/v2/rules/{found['id']}/executions?outcome=failed")["data"])
    return found


def test_runs_are_listed_and_shown(rule: dict[str, Any], owner: Browser, store: ColdStore) -> None:
    run = store.call("GET", f"/api/v2/rules/{rule['id']}/executions")["data"][0]
    for path in ("/console/rules/runs", f"/console/rules/{rule['id']}/runs", f"/console/rules/{rule['id']}/runs?outcome=failed"):
        owner.get(path)
        assert run["id"] in owner.page, path
    owner.get(f"/console/rules/{rule['id']}/runs?outcome=done")
    assert run["id"] not in owner.page
    owner.get(f"/console/rules/runs/{run['id']}")
    assert "state=warm" in owner.page
    assert run["reason"].split()[0] in owner.page
    owner.get("/console/rules")
    assert "failed" in owner.page


def test_a_rehearsal_draws_when_it_would_have_acted(rule: dict[str, Any], owner: Browser) -> None:
    home = f"/console/rules/{rule['id']}/rehearse"
    owner.get(home)
    answer = owner.post(home, {"span": "24h"})

    def finished() -> bool:
        owner.get(answer.headers["location"])
        return "hx-trigger" not in owner.page.partition('id="rehearsal"')[2][:200]

    awaited(finished)
    assert "would have acted 1 time" in owner.page
    assert owner.page.count("strip-mark") == 1  # one part of the range
    assert "/telemetry/thin?field=temperature" in owner.page
    rehearsal = answer.headers["location"].partition("rehearsal=")[2].partition("&")[0]
    owner.follow(owner.post(f"/console/rules/{rule['id']}/rehearsals/{rehearsal}/cancel"))
    owner.get(f"{home}?rehearsal=reh_0c2k9fq7w3f5e")
    assert "This rehearsal is gone" in owner.page


def test_what_cannot_be_rehearsed_says_why(owner: Browser, store: ColdStore) -> None:
    rule = store.call("POST", "/api/v2/rules", {"name": "Hook", "definition": {"trigger": {"type": "hook"}}})
    home = f"/console/rules/{rule['id']}/rehearse"
    owner.get(home)
    owner.follow(owner.post(home, {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}))
    assert "toast bad" in owner.page
