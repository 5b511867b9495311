"""Rules over sockets: made, deployed, run by real readings, looked at afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from penstock.bootstrap.event_shapes import STRUCTS
from penstock.core.rules.models import NOT_TRIGGERING
from penstock.core.tenancy.event_scopes import SCOPES
from penstock.core.webhooks.topics import CATALOGUE
from tests.support.forgery import one_character_off
from tests.support.server import RunningServer
from tests.support.waiting import awaited

WARM = {
    "trigger": {"type": "reading", "sensors": ["t"]},
    "condition": "reading.values.t > 30.0",
    "actions": [{"type": "label", "key": "state", "value": "{{ reading.values.t }} in {{ device.name }}"}],
}


class Bench:
    """One device, and rules that are about it alone."""

    def __init__(self, api: httpx.Client) -> None:
        self.api = api
        made = api.post("/api/v2/devices", json={"name": "Boiler"}).json()["device"]
        self.device_id: str = made["id"]
        self._rules: list[str] = []

    def rule(self, definition: dict[str, Any], *, deploy: bool = True, mine: bool = True, **more: Any) -> dict[str, Any]:
        if mine:
            definition = definition | {"trigger": definition["trigger"] | {"device_ids": [self.device_id]}}
        body = {"name": f"rule {time.monotonic_ns()}", "definition": definition} | more
        answer = self.api.post("/api/v2/rules", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        self._rules.append(found["id"])
        if deploy:
            self.deploy(found)
        return found

    def deploy(self, rule: dict[str, Any]) -> dict[str, Any]:
        answer = self.api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def say(self, *values: dict[str, Any], **more: Any) -> None:
        rows = [{"data": one} | more for one in values]
        answer = self.api.post(f"/api/v2/devices/{self.device_id}/telemetry", json=rows)
        assert answer.is_success, answer.text

    def runs(self, rule: dict[str, Any], count: int = 1, **query: str) -> list[dict[str, Any]]:
        """The runs of a rule that have ended, newest first, when there are so many."""

        def look() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = self.get(f"/api/v2/rules/{rule['id']}/executions", **query)["data"]
            return found if len([one for one in found if one["outcome"] != "pending"]) >= count else []

        return awaited(look)

    def stopped(self, rule: dict[str, Any]) -> dict[str, Any]:
        """The rule, as soon as the server has stopped it."""
        awaited(lambda: self.state(rule)["state"] == "force_stopped")
        return self.state(rule)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        answer = self.api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def state(self, rule: dict[str, Any]) -> dict[str, Any]:
        return self.get(f"/api/v2/rules/{rule['id']}")

    def stop_all(self) -> None:
        for rule_id in self._rules:
            self.api.post(f"/api/v2/rules/{rule_id}/stop", json={})


@pytest.fixture
def bench(api: httpx.Client) -> Iterator[Bench]:
    made = Bench(api)
    yield made
    made.stop_all()


def test_a_reading_makes_a_rule_act(bench: Bench) -> None:
    rule = bench.rule(WARM)
    bench.say({"t": 20}, {"h": 99}, {"t": 31.5})
    (run,) = bench.runs(rule)
    assert (run["outcome"], run["number"], run["device_id"]) == ("done", 1, bench.device_id)
    assert run["inputs"]["reading"]["values"] == {"t": 31.5}
    assert run["results"] == [{"type": "label", "ok": True, "detail": "state=31.5 in Boiler"}]
    assert run["duration_ms"] >= 0
    assert run["cause"].startswith("reading:")
    assert bench.get(f"/api/v2/devices/{bench.device_id}")["labels"]["state"] == "31.5 in Boiler"
    assert bench.get(f"/api/v2/rule-executions/{run['id']}") == run
    assert bench.runs(rule, outcome="done") == [run]
    assert bench.get(f"/api/v2/rules/{rule['id']}/executions", outcome="failed")["data"] == []
    assert bench.get("/api/v2/rule-executions", rule_id=rule["id"], device_id=bench.device_id)["data"] == [run]


def test_readings_of_before_the_deployment_are_not_looked_at(bench: Bench) -> None:
    rule = bench.rule(WARM, deploy=False)
    bench.say({"t": 40})
    assert bench.deploy(rule)["state"] == "running"
    bench.say({"t": 41})
    assert [run["inputs"]["reading"]["values"]["t"] for run in bench.runs(rule)] == [41]


def test_actions_in_order_with_a_command_of_the_device(bench: Bench) -> None:
    seconds = {"name": "seconds", "type": "integer", "required": True}
    commands = f"/api/v2/devices/{bench.device_id}/commands"
    bench.api.post(commands, json={"name": "set_interval", "parameters": [seconds]})
    actions = [
        {"type": "command", "command": "set_interval", "parameters": {"seconds": "{{ reading.values.t * 2.0 }}"}},
        {"type": "reading", "key": "fahrenheit", "value": "reading.values.t * 1.8 + 32.0"},
        {"type": "email", "to": ["ada@example.org"], "subject": "Warm", "text": "It is {{ reading.values.t }}."},
        {"type": "sms", "to": ["+4915112345678"], "text": "Warm"},
        {"type": "raise_alert", "name": "warm", "severity": "high", "text": "{{ device.name }} is warm"},
    ]
    rule = bench.rule(WARM | {"actions": actions})
    bench.say({"t": 35})
    (run,) = bench.runs(rule)
    assert run["outcome"] == "done", run
    assert [one["type"] for one in run["results"]] == ["command", "reading", "email", "sms", "raise_alert"]
    execution = bench.get(f"/api/v2/command-executions/{run['results'][0]['detail']}")
    assert execution["parameters"] == {"seconds": 70}
    latest = bench.get(f"/api/v2/devices/{bench.device_id}/telemetry/latest")
    derived = [one for one in bench.get(f"/api/v2/devices/{bench.device_id}/telemetry")["data"] if one["kind"] == "derived"]
    assert [(one["data"], one["channel"]) for one in derived] == [({"fahrenheit": 95.0}, rule["id"])], latest


def test_an_action_that_fails_ends_the_run_and_says_why(bench: Bench) -> None:
    actions = [{"type": "command", "command": "nobody_knows"}, WARM["actions"][0]]
    rule = bench.rule(WARM | {"actions": actions})
    bench.say({"t": 35})
    (run,) = bench.runs(rule)
    assert (run["outcome"], run["reason"]) == ("failed", "command: the device has no command nobody_knows")
    assert [one["ok"] for one in run["results"]] == [False]
    assert "state" not in bench.get(f"/api/v2/devices/{bench.device_id}")["labels"]


def test_a_webhook_does_not_reach_into_the_house(bench: Bench, server: RunningServer) -> None:
    for url in ("http://127.0.0.1/x", "https://[::1]/", "https://169.254.169.254/latest"):
        action = {"type": "webhook", "url": url}
        answer = bench.api.post("/api/v2/rules", json={"name": "x", "definition": WARM | {"actions": [action]}})
        assert answer.status_code in (400, 422), answer.text
        assert "actions[0].url" in answer.text


def test_windows_and_last_values_are_part_of_what_a_rule_sees(bench: Bench) -> None:
    windows = [
        {"name": f"t_{name}", "sensor": "t", "function": name, "minutes": 10} for name in ("avg", "min", "max", "count", "sum")
    ]
    condition = "window.t_count == 3.0 && latest.h == 7.0"
    bench.say({"t": 1, "h": 7}, time="2026-05-02T09:00:00Z")
    bench.say({"t": 100}, time="2026-05-02T08:00:00Z")
    rule = bench.rule(WARM | {"windows": windows, "condition": condition, "trigger": WARM["trigger"] | {"backfill": True}})
    bench.say({"t": 2}, time="2026-05-02T09:05:00Z")
    bench.say({"t": 6}, time="2026-05-02T09:09:00Z")
    (run,) = bench.runs(rule)
    assert run["inputs"]["window"] == {"t_avg": 3, "t_min": 1, "t_max": 6, "t_count": 3, "t_sum": 9}
    assert run["at"] == "2026-05-02T09:09:00Z"


def test_late_readings_are_left_out_unless_wanted(bench: Bench) -> None:
    rule = bench.rule(WARM)
    bench.say({"t": 50}, time="2026-05-02T09:00:00Z")
    bench.say({"t": 51})
    assert [run["inputs"]["reading"]["values"]["t"] for run in bench.runs(rule)] == [51]


def test_a_rule_that_feeds_itself_is_stopped_with_the_reason(bench: Bench) -> None:
    grows = {"type": "reading", "key": "t", "value": "reading.values.t + 1.0"}
    rule = bench.rule(WARM | {"actions": [grows]})
    bench.say({"t": 31})
    state = bench.stopped(rule)
    assert state["reason"] == f"it triggers itself: {rule['id']} → {rule['id']}"
    assert len(bench.runs(rule, 2)) == 2
    assert (
        bench.get("/api/v2/logs", action="rule.force_stop", target=rule["id"])["data"][0]["details"]["reason"] == state["reason"]
    )


def test_two_rules_that_feed_each_other_are_stopped(bench: Bench) -> None:
    there = bench.rule(WARM | {"actions": [{"type": "reading", "key": "u", "value": "reading.values.t"}]})
    back = bench.rule(
        {
            "trigger": {"type": "reading", "sensors": ["u"]},
            "actions": [{"type": "reading", "key": "t", "value": "reading.values.u"}],
        }
    )
    bench.say({"t": 31})
    state = bench.stopped(there)
    assert state["reason"] == f"it triggers itself: {there['id']} → {back['id']} → {there['id']}"
    assert bench.state(back)["state"] == "running"


def test_a_device_cannot_claim_to_be_part_of_a_loop(bench: Bench) -> None:
    rule = bench.rule(WARM)
    bench.say({"t": 31}, kind="derived", channel=rule["id"])
    assert bench.runs(rule)[0]["outcome"] == "done"
    assert bench.state(rule)["state"] == "running"


def test_a_condition_that_always_fails_stops_the_rule(bench: Bench) -> None:
    rule = bench.rule(WARM | {"condition": "size(reading.values.t) > 3"})
    bench.say(*[{"t": number} for number in range(25)])
    state = bench.stopped(rule)
    assert "failed 20 times in a row" in state["reason"]
    assert len(bench.runs(rule, 20)) == 20
    bench.deploy(rule)
    assert bench.state(rule)["state"] == "running"


def test_actions_that_always_fail_stop_the_rule(bench: Bench) -> None:
    rule = bench.rule(WARM | {"actions": [{"type": "command", "command": "nobody_knows"}]})
    bench.say(*[{"t": 31} for _ in range(22)])
    state = bench.stopped(rule)
    assert state["reason"].startswith("20 runs in a row failed")
    found = bench.runs(rule, 22)
    assert sorted(run["outcome"] for run in found) == ["cancelled"] * 2 + ["failed"] * 20


def test_every_save_is_a_version_and_one_of_them_runs(bench: Bench) -> None:
    rule = bench.rule(WARM, note="first")
    path = f"/api/v2/rules/{rule['id']}"
    hotter = WARM | {"trigger": rule["newest"]["definition"]["trigger"], "condition": "reading.values.t > 50.0"}
    changed = bench.api.patch(path, json={"definition": hotter, "note": "second"}).json()
    assert changed["newest"]["number"] == 2
    assert bench.api.patch(path, json={"definition": hotter, "note": "the same"}).json()["newest"]["number"] == 2
    assert changed["running_version_id"] == rule["newest"]["id"]
    bench.say({"t": 40})
    assert [run["number"] for run in bench.runs(rule)] == [1]
    bench.deploy(changed)
    bench.say({"t": 40}, {"t": 60})
    assert [run["number"] for run in bench.runs(rule, 2)] == [2, 1]

    second = f"{path}/versions/{changed['newest']['id']}"
    assert bench.get(f"{second}/differences") == {
        "before_number": 1,
        "after_number": 2,
        "differences": [{"path": "condition", "before": WARM["condition"], "after": "reading.values.t > 50.0"}],
    }
    restored = bench.api.post(f"{path}/versions/{rule['newest']['id']}/restore", json={"note": "back"}).json()
    assert (restored["number"], restored["restored_number"], restored["definition"]) == (3, 1, rule["newest"]["definition"])
    versions = bench.get(f"{path}/versions", limit="2")
    assert [(one["number"], one["note"]) for one in versions["data"]] == [(3, "back"), (2, "second")]
    rest = bench.get(f"{path}/versions", limit="2", cursor=versions["next_cursor"])
    assert [(one["number"], one["author"]) for one in rest["data"]] == [(1, rest["data"][0]["author"])]
    assert rest["data"][0]["author"].startswith("key_")
    assert bench.state(rule)["running_version_id"] == changed["newest"]["id"]


def test_a_version_has_a_name_and_nothing_else_of_it_changes(bench: Bench) -> None:
    rule = bench.rule(WARM, deploy=False)
    version = f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}"
    assert rule["newest"]["name"] == "Version 1"
    renamed = bench.api.patch(version, json={"name": "Before the winter"})
    assert renamed.json() == bench.get(version) == rule["newest"] | {"name": "Before the winter"}
    row = bench.get("/api/v2/logs", action="rule.version_rename", limit="1")["data"][0]
    assert (row["details"]["before"], row["details"]["after"]) == ({"name": "Version 1"}, {"name": "Before the winter"})
    for wrong in ({"name": ""}, {"definition": WARM}, {}):
        refused = bench.api.patch(version, json=wrong)
        assert refused.status_code == 400, wrong
    assert bench.get(version)["name"] == "Before the winter"


def test_an_idempotency_key_makes_one_rule(bench: Bench) -> None:
    name = f"once {time.monotonic_ns()}"
    sent = {"json": {"name": name, "definition": WARM}, "headers": {"Idempotency-Key": name}}
    made = [bench.api.post("/api/v2/rules", **sent).json()["id"] for _ in range(3)]
    assert len(set(made)) == 1
    clash = bench.api.post("/api/v2/rules", json={"name": name, "definition": WARM})
    assert (clash.status_code, clash.json()["code"]) == (409, "rules.exists")


def test_trash_and_recover(bench: Bench) -> None:
    rule = bench.rule(WARM)
    path = f"/api/v2/rules/{rule['id']}"
    assert bench.api.delete(path).status_code == 204
    assert bench.api.delete(path).status_code == 204
    assert rule["id"] not in [one["id"] for one in bench.get("/api/v2/rules", limit="1000")["data"]]
    assert rule["id"] in [one["id"] for one in bench.get("/api/v2/rules", trashed="true", limit="1000")["data"]]
    refused = bench.api.post(f"{path}/versions/{rule['newest']['id']}/deploy")
    assert (refused.status_code, refused.json()["code"]) == (409, "rules.in_trash")
    recovered = bench.api.post(f"{path}/recover").json()
    assert (recovered["state"], recovered["trashed_at"]) == ("stopped", None)


def test_export_and_import(bench: Bench) -> None:
    rule = bench.rule(WARM, deploy=False)
    exported = bench.get(f"/api/v2/rules/{rule['id']}/export")
    assert exported["format"] == "penstock.rule/1"
    copy = bench.api.post("/api/v2/rules/import", json=exported | {"name": f"copy {rule['name']}"}).json()
    assert copy["newest"]["definition"] == rule["newest"]["definition"]
    assert copy["state"] == "draft"


def test_a_definition_is_shown_with_the_fields_of_its_types(bench: Bench) -> None:
    rule = bench.rule({"trigger": {"type": "connectivity"}, "actions": [{"type": "clear_alert", "name": "warm"}]}, deploy=False)
    assert rule["newest"]["definition"] == {
        "trigger": {"type": "connectivity", "device_ids": [bench.device_id], "device_type": "", "states": []},
        "windows": [],
        "condition": "",
        "actions": [{"type": "clear_alert", "name": "warm", "device_id": ""}],
    }


def test_a_hook_makes_its_rule_look(bench: Bench, server: RunningServer) -> None:
    action = {"type": "label", "device_id": bench.device_id, "key": "door", "value": "{{ hook.body.door }}"}
    definition = {"trigger": {"type": "hook"}, "condition": 'hook.body.door == "open"', "actions": [action]}
    rule = bench.rule(definition, mine=False)
    hook = bench.api.post(f"/api/v2/rules/{rule['id']}/hook").json()
    with server.client() as anyone:
        for secret, status in ((hook["secret"], 202), ("hks_wrong", 404), (one_character_off(hook["secret"]), 404), ("", 404)):
            answer = anyone.post(hook["path"], json={"door": "open"}, headers={"X-Hook-Secret": secret})
            assert answer.status_code == status, answer.text
        renewed = bench.api.post(f"/api/v2/rules/{rule['id']}/hook").json()
        assert renewed["hook_id"] == hook["hook_id"]
        answer = anyone.post(hook["path"], json={"door": "open"}, headers={"X-Hook-Secret": hook["secret"]})
        assert answer.status_code == 404
    (run,) = bench.runs(rule)
    assert run["inputs"]["hook"] == {"body": {"door": "open"}}
    assert bench.get(f"/api/v2/devices/{bench.device_id}")["labels"]["door"] == "open"


def test_connectivity_makes_a_rule_look(bench: Bench) -> None:
    action = {"type": "label", "key": "is", "value": "{{ event.state }} ({{ event.reason }})"}
    rule = bench.rule({"trigger": {"type": "connectivity", "states": ["online"]}, "actions": [action]})
    bench.say({"t": 1})
    (run,) = bench.runs(rule)
    assert run["results"][0]["detail"] == "is=online (reading)"


def test_events_make_a_rule_look(bench: Bench) -> None:
    command = bench.api.post(f"/api/v2/devices/{bench.device_id}/commands", json={"name": "blink"}).json()
    rule = bench.rule(
        {
            "trigger": {"type": "event", "topics": ["command.que*"]},
            "condition": 'event.body.name == "blink"',
            "actions": [{"type": "label", "key": "asked", "value": "{{ event.topic }}"}],
        }
    )
    bench.api.post(f"/api/v2/devices/{bench.device_id}/commands/{command['id']}/execute", json={})
    assert bench.runs(rule)[0]["results"][0]["detail"] == "asked=command.queued"


def test_a_rehearsal_counts_the_devices_that_it_does_not_list(bench: Bench) -> None:
    made = [bench.api.post("/api/v2/devices", json={"name": "Tank"}).json()["device"]["id"] for _ in range(101)]
    rows = [{"device_id": one, "data": {"t": 31}, "time": "2026-04-02T09:00:00Z"} for one in made]
    assert bench.api.post("/api/v2/telemetry", json=rows).status_code == 201
    rule = bench.rule(WARM | {"trigger": WARM["trigger"] | {"device_ids": made}}, deploy=False, mine=False)  # type: ignore[operator]
    span = {"from": "2026-04-02T00:00:00Z", "to": "2026-04-03T00:00:00Z"}
    started = bench.api.post(f"/api/v2/rules/{rule['id']}/rehearse", json=span)
    path = f"/api/v2/rehearsals/{started.json()['id']}"
    found = awaited(lambda: one if (one := bench.get(path))["state"] == "done" else None)
    assert (found["fired"], found["devices"], len(found["by_device"]), len(found["first"])) == (101, 101, 100, 100)


def test_a_rehearsal_tells_what_would_have_been_done_and_does_nothing(bench: Bench) -> None:
    bench.say(*[{"t": number} for number in range(20, 40)], time="2026-05-02T09:00:00Z")
    rule = bench.rule(WARM, deploy=False)
    path = f"/api/v2/rules/{rule['id']}/rehearse"
    started = bench.api.post(path, json={"from": "2026-05-02T00:00:00Z", "to": "2026-05-03T00:00:00Z"})
    assert started.status_code == 202, started.text
    rehearsal = f"/api/v2/rehearsals/{started.json()['id']}"
    awaited(lambda: bench.get(rehearsal)["state"] == "done")
    found = bench.get(rehearsal)
    assert (found["fired"], found["failed"], found["progress"]) == (9, 0, 1.0)
    assert found["evaluated"] == 20
    assert (found["from"], sum(found["by_time"]), found["by_time"][37]) == ("2026-05-02T00:00:00Z", 9, 9)
    assert (found["devices"], found["by_device"]) == (1, [{"device_id": bench.device_id, "occasions": 9}])
    assert found["first"][0]["actions"] == [{"type": "label", "fields": {"key": "state", "value": "31 in Boiler"}, "problem": ""}]
    assert bench.get(f"/api/v2/devices/{bench.device_id}")["labels"] == {}
    assert bench.get(f"/api/v2/rules/{rule['id']}/executions")["data"] == []
    outside = bench.api.post(path, json={"from": "2026-05-03T00:00:00Z", "to": "2026-05-02T00:00:00Z"})
    assert outside.status_code == 400
    hook = bench.rule({"trigger": {"type": "hook"}}, deploy=False, mine=False)
    refused = bench.api.post(
        f"/api/v2/rules/{hook['id']}/rehearse", json={"from": "2026-05-02T00:00:00Z", "to": "2026-05-03T00:00:00Z"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "rules.not_rehearsable")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"condition": "reading.values.t >"}, "definition.condition"),
        ({"condition": "weather > 1"}, "definition.condition"),
        ({"actions": [{"type": "label", "key": "a", "value": "{{ 1 +"}]}, "definition.actions[0].value"),
        ({"actions": [{"type": "label", "key": "a", "value": "x", "url": "https://a.example/"}]}, "definition.actions[0].url"),
        ({"actions": [{"type": "email", "to": ["nobody"], "subject": "a", "text": "b"}]}, "definition.actions[0].to"),
        ({"actions": [{"type": "command"}]}, "definition.actions[0].command"),
        ({"actions": [{"type": "command", "command": ""}]}, "definition.actions[0].command"),
        ({"trigger": {"type": "schedule", "cron": "99 * * * *"}}, "definition.trigger.cron"),
        ({"trigger": {"type": "schedule", "cron": "0 8 * * *", "time_zone": "Mars/Base"}}, "definition.trigger.time_zone"),
        ({"trigger": {"type": "event"}}, "definition.trigger.topics"),
        ({"trigger": {"type": "event", "topics": []}}, "definition.trigger.topics"),
        ({"trigger": {"type": "hook", "cron": "0 8 * * *"}}, "definition.trigger.cron"),
        ({"trigger": {"type": "tide"}}, "definition.trigger.type"),
        ({"windows": [{"name": "a", "sensor": "t", "function": "avg", "minutes": 5}] * 2}, "definition.windows"),
        ({"trigger": {"type": "reading", "device_ids": ["nonsense"]}}, "definition.trigger.device_ids[0]"),
    ],
)
def test_a_wrong_definition_names_the_field(api: httpx.Client, change: dict[str, Any], field: str) -> None:
    answer = api.post("/api/v2/rules", json={"name": "wrong", "definition": WARM | change})
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_a_foreign_device_is_not_found(bench: Bench, other_api: httpx.Client) -> None:
    trigger = {"type": "reading", "device_ids": [bench.device_id]}
    answer = other_api.post("/api/v2/rules", json={"name": "theirs", "definition": WARM | {"trigger": trigger}})
    assert (answer.status_code, answer.json()["code"]) == (404, "devices.not_found")


def test_another_organisations_readings_make_nothing_run(bench: Bench, other_api: httpx.Client) -> None:
    rule = bench.rule(WARM, mine=False)
    device = other_api.post("/api/v2/devices", json={"name": "Theirs"}).json()["device"]
    other_api.post(f"/api/v2/devices/{device['id']}/telemetry", json=[{"data": {"t": 99}}])
    bench.say({"t": 32})
    assert [run["device_id"] for run in bench.runs(rule)] == [bench.device_id]


def test_a_rule_is_no_way_around_a_scope(bench: Bench, server: RunningServer) -> None:
    headers = scoped(bench.api, "telemetry:read")
    mail = WARM | {"actions": [{"type": "email", "to": ["ada@example.org"], "subject": "warm", "text": "{{ reading.values.t }}"}]}
    strong = bench.rule(WARM, deploy=False)
    with httpx.Client(base_url=server.base_url, headers=headers) as weak:
        for action in (
            {"type": "command", "command": "open"},
            {"type": "label", "key": "a", "value": "b"},
            {"type": "reading", "key": "a", "value": "1.0"},
            {"type": "raise_alert", "name": "warm", "severity": "high", "text": "t"},
        ):
            refused = weak.post("/api/v2/rules", json={"name": "mine", "definition": WARM | {"actions": [action]}})
            assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope_missing"), action
        assert weak.post("/api/v2/rules", json={"name": "mine", "definition": mail}).status_code == 201
        assert weak.post(f"/api/v2/rules/{strong['id']}/versions/{strong['newest']['id']}/deploy").status_code == 403


@pytest.mark.parametrize(
    ("trigger", "needed"),
    [
        ({"type": "reading"}, {"telemetry:read"}),
        ({"type": "connectivity"}, {"devices:read"}),
        ({"type": "event", "topics": ["alert.*", "rule.stopped"]}, {"alerts:read", "rules:read"}),
        ({"type": "event", "topics": ["device.created"]}, {"devices:read"}),
        ({"type": "event", "topics": ["*"]}, set(SCOPES.values())),
        ({"type": "hook"}, set()),
    ],
)
def test_a_rule_sees_only_what_its_author_may_read(
    bench: Bench, server: RunningServer, trigger: dict[str, Any], needed: set[str]
) -> None:
    mail = {"type": "email", "to": ["ada@example.org"], "subject": "x", "text": "y"}
    body = {"name": f"sees {trigger}", "definition": {"trigger": trigger, "actions": [mail]}}
    strong = bench.api.post("/api/v2/rules", json=body | {"name": f"strong {trigger}"}).json()
    version = f"/api/v2/rules/{strong['id']}/versions/{strong['newest']['id']}"
    asked = {"version_id": strong["newest"]["id"], "from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
    for missing in needed - {"rules:read"}:
        with httpx.Client(base_url=server.base_url, headers=scoped(bench.api, *needed - {missing})) as weak:
            calls = [
                weak.post("/api/v2/rules", json=body),
                weak.patch(f"/api/v2/rules/{strong['id']}", json={"definition": body["definition"]}),
                weak.post(f"{version}/restore", json={}),
                weak.post(f"{version}/deploy"),
                weak.post(f"/api/v2/rules/{strong['id']}/rehearse", json=asked),
            ]
            assert [one.status_code for one in calls] == [403] * len(calls), (missing, [one.text for one in calls])
            assert {one.json()["detail"] for one in calls} == {f"the scope {missing} is required"}
    with httpx.Client(base_url=server.base_url, headers=scoped(bench.api, *needed)) as able:
        assert able.post("/api/v2/rules", json=body).status_code == 201
        assert able.post(f"{version}/restore", json={}).status_code == 201


def scoped(api: httpx.Client, *scopes: str) -> dict[str, str]:
    """The headers of a key for rules with these scopes besides."""
    made = api.post("/api/v2/keys", json={"name": "rules", "scopes": ["rules:read", "rules:write", *scopes]}).json()
    return {name: value for name, value in api.headers.items() if name.startswith("x-")} | {"x-api-key": made["value"]}


@pytest.mark.parametrize("topic", [*CATALOGUE, "alrt.*", "reading.*", "*.raised"])
def test_an_event_that_triggers_no_rule_is_rejected(api: httpx.Client, topic: str) -> None:
    definition = {"trigger": {"type": "event", "topics": [topic]}}
    answer = api.post("/api/v2/rules", json={"name": f"on {topic}", "definition": definition})
    if topic in STRUCTS.keys() - NOT_TRIGGERING:
        assert answer.status_code == 201, answer.text
    else:
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "definition.trigger.topics[0]"
