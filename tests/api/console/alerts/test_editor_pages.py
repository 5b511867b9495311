"""The editor of alerts: its forms, their errors, and what it would have raised."""

from __future__ import annotations

from typing import Any

from tests.api.console.cold_store import ColdStore
from tests.support.console import Browser

NEW = "/console/alerts/new"
FIELDS = {
    "name": "Too warm",
    "severity": "critical",
    "enabled": "true",
    "target.kind": "all",
    "condition.type": "threshold",
    "condition.field": "temperature",
    "condition.operator": ">",
    "condition.value": "6",
    "hysteresis": "0.5",
    "for_s": "5 min",
    "actions[0].type": "email",
    "actions[0].to": "ada@example.org",
}


def test_an_alert_is_created_changed_and_not_started_anew_by_its_name(owner: Browser, store: ColdStore) -> None:
    owner.get(f"{NEW}?field=temperature")
    assert 'value="temperature"' in owner.page
    answer = owner.post(NEW, FIELDS)
    alert_id = answer.headers["location"].rpartition("/")[2]
    found = store.call("GET", f"/api/v2/alerts/{alert_id}")
    assert (found["for_s"], found["hysteresis"], found["actions"][0]["to"]) == (300, 0.5, ["ada@example.org"])
    path = f"/console/alerts/{alert_id}/edit"
    owner.get(path)
    assert 'value="5 min"' in owner.page
    assert owner.post(path, FIELDS | {"name": "Warm", "hysteresis": ""}).status_code == 303
    again = store.call("GET", f"/api/v2/alerts/{alert_id}")
    assert (again["name"], again["hysteresis"], again["condition"]) == ("Warm", 0.0, found["condition"])


def test_what_is_wrong_is_said_beside_the_field(owner: Browser) -> None:
    owner.get(NEW)
    for change, error in (
        ({"condition.value": ""}, "f-condition-value-error"),
        ({"for_s": "soon"}, "f-for_s-error"),
        ({"actions[0].to": "nobody"}, "f-actions-0-to-error"),
        ({"name": ""}, "f-name-error"),
        ({"target.kind": "devices"}, "must have exactly one of"),
    ):
        assert owner.post(NEW, FIELDS | change).status_code == 400, change
        assert error in owner.page, change


def test_the_form_changes_without_saving(owner: Browser, store: ColdStore) -> None:
    before = len(store.call("GET", "/api/v2/alerts")["data"])
    owner.get(NEW)
    owner.post(NEW, FIELDS | {"do": "reshape", "condition.type": "no_data"})
    assert "Silent for" in owner.page
    owner.post(NEW, FIELDS | {"do": "add:escalation:email"})
    assert 'name="escalation[0].after_s"' in owner.page
    owner.post(NEW, FIELDS | {"do": "remove:actions:0"})
    assert 'name="actions[0].to"' not in owner.page
    assert len(store.call("GET", "/api/v2/alerts")["data"]) == before


def preview(owner: Browser, **change: Any) -> str:
    assert owner.post("/console/alerts/preview", FIELDS | {"preview.range": "24h", "for_s": ""} | change).status_code == 200
    return owner.page


def test_it_draws_when_it_would_have_been_raised(owner: Browser, store: ColdStore) -> None:
    store.report(5, 7, 8, 5)
    owner.get(NEW)
    kept = owner.csrf
    on = {"preview.device": store.device}
    assert "Raised 1 time" in preview(owner, **on)
    assert "<ps-chart" in owner.page
    assert "strip-span" in owner.page
    owner.csrf = kept
    assert "Never raised" in preview(owner, **on, **{"condition.value": "50"})
    assert "Complete the condition" in preview(owner, **on, **{"condition.value": ""})
    assert "for_s" in preview(owner, **on, for_s="soon")
    assert "Choose a device" in preview(owner)
    silence = {"condition.type": "no_data", "condition.after_s": "1 min", "hysteresis": ""}
    assert "Raised" in preview(owner, **on, **silence)
    expression = {"condition.type": "expression", "condition.expression": "reading.values.temperature > 6", "hysteresis": ""}
    assert "Raised 1 time" in preview(owner, **on, **expression)


def test_the_alert_of_a_rule_has_few_fields(owner: Browser, store: ColdStore) -> None:
    alert = store.call(
        "POST", "/api/v2/alerts", {"name": "x", "target": {"all": True}, "condition": {"type": "no_data", "after_s": 60}}
    )
    owner.get(f"/console/alerts/{alert['id']}/edit")
    assert 'name="condition.after_s"' in owner.page
    assert 'value="1 min"' in owner.page
