"""The list and the editor of rules."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.console.cold_store import ESCAPED, HOSTILE, ColdStore
from tests.support.console import Browser

NEW = "/console/rules/new"
FIELDS = {
    "name": "Too warm",
    "definition.trigger.type": "reading",
    "definition.trigger.sensors": "temperature",
    "definition.condition": "reading.values.temperature > 6.0",
    "definition.actions[0].type": "label",
    "definition.actions[0].key": "state",
    "definition.actions[0].value": "warm",
}


def test_an_empty_organisation_is_shown_where_to_begin(owner: Browser) -> None:
    owner.get("/console/rules")
    assert "/console/rules/new?start=threshold" in owner.page
    owner.get(f"{NEW}?start=threshold")
    assert "window.mean &gt; 30.0" in owner.page


@pytest.fixture(scope="module")
def rule(owner: Browser, store: ColdStore) -> dict[str, Any]:
    """A rule that was made with the form, and deployed."""
    owner.get(NEW)
    answer = owner.post(NEW, FIELDS | {"name": HOSTILE, "note": "first", "do": "deploy"})
    owner.follow(answer)
    assert "Version 1 is running" in owner.page
    found: dict[str, Any] = store.call("GET", f"/api/v2/rules/{answer.headers['location'].rpartition('/')[2]}")
    return found


def test_the_form_makes_the_rule_that_it_shows(rule: dict[str, Any], owner: Browser) -> None:
    definition = rule["newest"]["definition"]
    assert rule["state"] == "running"
    assert (definition["trigger"]["sensors"], definition["condition"]) == (["temperature"], FIELDS["definition.condition"])
    for path in ("/console/rules", f"/console/rules/{rule['id']}"):
        assert owner.get(path).status_code == 200
        assert ESCAPED in owner.page
        assert "<img" not in owner.page


def test_a_save_makes_a_version_that_does_not_run_yet(rule: dict[str, Any], owner: Browser) -> None:
    path = f"/console/rules/{rule['id']}"
    owner.get(path)
    owner.follow(owner.post(path, FIELDS | {"definition.condition": "reading.values.temperature > 7.0"}))
    assert "Saved as version 2" in owner.page
    assert "an older version is running" in owner.page
    assert "Deploy version 2" in owner.page


def test_what_is_wrong_is_said_beside_the_field(owner: Browser) -> None:
    owner.get(NEW)
    for change, error in (
        ({"definition.condition": "reading.value.t > 1"}, "f-definition-condition-error"),
        ({"definition.actions[0].value": "{{ nothing"}, "f-definition-actions-0-value-error"),
        ({"definition.trigger.type": "schedule", "definition.trigger.cron": "often"}, "f-definition-trigger-cron-error"),
        ({"name": ""}, "f-name-error"),
        ({"definition": "{"}, "is not JSON"),
    ):
        assert owner.post(NEW, FIELDS | change).status_code == 400, change
        assert error in owner.page, change


def test_the_form_changes_without_saving(owner: Browser, store: ColdStore) -> None:
    before = len(store.call("GET", "/api/v2/rules")["data"])
    owner.get(NEW)
    owner.post(NEW, FIELDS | {"do": "add:definition.actions:email"})
    assert 'name="definition.actions[1].subject"' in owner.page
    owner.post(NEW, FIELDS | {"do": "reshape", "definition.trigger.type": "schedule"})
    assert 'name="definition.trigger.cron"' in owner.page
    owner.post(NEW, FIELDS | {"do": "json"})
    assert 'name="definition" ' in owner.page
    owner.post(NEW, {"name": "x", "do": "form", "definition": '{"trigger": {"type": "hook"}}'})
    assert 'name="definition.condition"' in owner.page
    owner.post(NEW, {"name": "x", "do": "form", "definition": '{"trigger": 5}'})
    assert "must be an object with trigger" in owner.page
    assert len(store.call("GET", "/api/v2/rules")["data"]) == before


def test_a_condition_is_checked_while_it_is_typed(owner: Browser, store: ColdStore) -> None:
    store.report(7)
    owner.get(NEW)
    token = owner.csrf

    def checked(condition: str, **more: str) -> str:
        owner.csrf = token
        form = FIELDS | {"definition.condition": condition, "sample": store.device, **more}
        assert owner.post("/console/rules/check", form).status_code == 200
        return owner.page

    assert "true: it would act" in checked("reading.values.temperature > 6.0")
    assert "false: it would not act" in checked("reading.values.temperature > 60.0")
    assert "acts every time" in checked("")
    assert "no value" in checked("reading.values.other > 1.0")
    assert "reading.value" in checked("reading.value.t > 1.0")
    assert "not to true or false" in checked("reading.values.temperature + 1.0") or "error" in owner.page
    window = {"definition.windows[0].type": "window", "definition.windows[0].name": "mean"}
    window["definition.windows[0].sensor"] = "temperature"
    assert "true: it would act" in checked("window.mean == 7.0", **window)


def test_a_rule_is_stopped_trashed_and_recovered(owner: Browser, store: ColdStore) -> None:
    definition = {"trigger": {"type": "hook"}, "actions": [{"type": "email", "to": ["a@b.example"], "subject": "s", "text": "t"}]}
    rule = store.call("POST", "/api/v2/rules", {"name": "Hooked", "definition": definition})
    path = f"/console/rules/{rule['id']}"
    store.call("POST", f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy")
    owner.get(path)
    owner.follow(owner.post(f"{path}/stop", {"reason": "season is over"}))
    assert "season is over" in owner.page
    owner.post(f"{path}/hook")
    assert "hks_" in owner.page
    owner.get(path)
    assert "hks_" not in owner.page
    assert owner.post(f"{path}/delete").headers["location"] == "/console/rules"
    owner.get("/console/rules?trashed=true")
    assert "Hooked" in owner.page
    owner.get(path)
    owner.follow(owner.post(f"{path}/recover"))
    assert "Rule recovered" in owner.page


def test_a_rule_is_imported(owner: Browser, store: ColdStore, rule: dict[str, Any]) -> None:
    document = store.api.get(f"/api/v2/rules/{rule['id']}/export").text.replace("Too warm", "Copied")
    owner.get(NEW)
    assert owner.post("/console/rules/import", {"document": document}).status_code == 303
    owner.get(NEW)
    assert owner.post("/console/rules/import", {"document": "{"}).status_code == 400


def test_who_may_only_look_is_offered_nothing_else(store: ColdStore, rule: dict[str, Any]) -> None:
    path = f"/console/rules/{rule['id']}"
    with store.viewer() as viewer:
        viewer.get(path)
        assert "You can look at this rule" in viewer.page
        assert '<fieldset class="as-is stack" disabled>' in viewer.page
        assert "/console/rules/check" not in viewer.page  # fields that are switched off are not sent, so it would judge nothing
        for word in ("Save and deploy", "Move to the trash", "Deploy version"):
            assert word not in viewer.page
        viewer.follow(viewer.post(f"{path}/delete"))
        assert store.call("GET", f"/api/v2/rules/{rule['id']}")["trashed_at"] is None
        assert viewer.post(path, FIELDS).status_code == 403
