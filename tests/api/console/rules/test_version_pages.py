"""The versions of a rule: compared, deployed, restored and renamed."""

from __future__ import annotations

from typing import Any

from tests.api.console.cold_store import ColdStore
from tests.support.console import Browser


def a_rule(store: ColdStore, name: str) -> dict[str, Any]:
    """A rule with two versions, of which none runs."""
    definition = {"trigger": {"type": "reading"}, "condition": "reading.values.t > 1.0"}
    rule = store.call("POST", "/api/v2/rules", {"name": name, "definition": definition})
    changed = definition | {"condition": "reading.values.t > 2.0"}
    found: dict[str, Any] = store.call("PATCH", f"/api/v2/rules/{rule['id']}", {"definition": changed, "note": "Less often"})
    return found | {"first": rule["newest"]["id"]}


def test_versions_are_compared_and_one_is_chosen(store: ColdStore, owner: Browser) -> None:
    rule = a_rule(store, "Warm")
    home = f"/console/rules/{rule['id']}/versions"
    owner.get(home)
    assert "Version 1 → 2" in owner.page
    assert "reading.values.t &gt; 1.0" in owner.page
    assert "Less often" in owner.page
    owner.follow(owner.post(f"{home}/{rule['first']}/deploy"))
    assert store.call("GET", f"/api/v2/rules/{rule['id']}")["running_version_id"] == rule["first"]
    owner.follow(owner.post(f"{home}/{rule['first']}/restore"))
    assert "restored from 1" in owner.page
    owner.follow(owner.post(f"{home}/{rule['first']}/rename", {"name": "The good one"}))
    assert "The good one" in owner.page
    owner.get(f"{home}?after={rule['newest']['id']}&before={rule['first']}")
    assert "1 difference" in owner.page


def test_what_is_refused_says_why(store: ColdStore, owner: Browser) -> None:
    rule = a_rule(store, "Cold")
    home = f"/console/rules/{rule['id']}/versions"
    owner.get(home)
    owner.follow(owner.post(f"{home}/{rule['first']}/rename", {"name": ""}))
    assert "name" in owner.page.partition("toast bad")[2][:400]
    assert owner.get(f"{home}?before=rvn_0c2k9fq7w3f2b").status_code == 404


def test_the_only_version_has_nothing_to_compare_with(store: ColdStore, owner: Browser) -> None:
    rule = store.call("POST", "/api/v2/rules", {"name": "One", "definition": {"trigger": {"type": "hook"}}})
    owner.get(f"/console/rules/{rule['id']}/versions")
    assert "→" not in owner.page.partition('id="list"')[0].partition("<main")[2]
