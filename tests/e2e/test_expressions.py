"""Expressions as people write them, over sockets: what is accepted works, and what fails says so where its owner looks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, get_args

import httpx
import msgspec
import pytest

from penstock.api.v2.alerts import wire as alert_wire
from penstock.core.rules import definition as rules
from tests.support.cases import for_each
from tests.support.server import running_server
from tests.support.waiting import awaited

NO_ERRORS = {"count": 0, "last_error": None, "last_at": None}
FIRES = {
    "reading.values.t * 2 > 10": {"t": 6},
    "2 * reading.values.t > 10.5": {"t": 6},
    "reading.values.t % 2 == 1": {"t": 7},
    "reading.values.t / 2 == 10.5": {"t": 21},
    "21 / 2 == 10.5 && reading.values.t == 21": {"t": 21.0},
    "reading.values.t - 1 >= 5": {"t": 6},
    "reading.values.t in [1, 6.0]": {"t": 6},
    "reading.values.code == 840380235174088833": {"code": 840380235174088833},
    "reading.values.code in [840380235174088833]": {"code": 840380235174088833},
    "reading.values.list.exists(x, x == 9007199254740993)": {"list": [9007199254740993]},
    "{840380235174088833: true}[reading.values.code]": {"code": 840380235174088833},
    "reading.values.code % 10 == 3": {"code": 840380235174088833},
    "size(reading.values.s) == 5": {"s": "πέντε"},
    "reading.values.s.lowerAscii() == 'abc' // as sent": {"s": "ABC"},
    "reading.values.list.map(x, x * 2)[1] == 4": {"list": [1, 2]},
    "reading.time.getHours('Europe/Berlin') - reading.time.getHours('UTC') in [1, 2, -23, -22]": {"t": 1},
    "int(reading.time) > 0 && duration('1h') + reading.time > reading.time": {"t": 1},
    "string(duration('90s')) == '90s' && string(timestamp(0)) == '1970-01-01T00:00:00Z'": {"t": 1},
    "bool('true') && {'a': 1}.a == 1 && r'\\d' == '\\\\d' && b'a' == b'a' && '''x''' == \"x\"": {"t": 1},
    "math.greatest(reading.values.t, 3) == 6 && math.bitAnd(reading.values.t, 4) == 4": {"t": 6},
    "reading.values.?nothing.orValue(5) == 5": {"t": 1},
    "'%d %x %.1f'.format([reading.values.t, reading.values.t, reading.values.t]) == '21 15 21.0'": {"t": 21},
    "'a,b,c'.split(',', reading.values.t) == ['a', 'b,c']": {"t": 2},
    "'banana'.substring(reading.values.t, 6) == 'nana' && 'banana'.indexOf('a', reading.values.t) == 3": {"t": 2},
    "[1, reading.values.t] == [1.0, 2] && [1] + [2.0] == [1.0, 2] && math.ceil(2) == reading.values.t": {"t": 2},
    "reading.values.code % reading.values.ten == 3": {"code": 840380235174088833, "ten": 10},
    "reading.values.code - reading.values.ten == 840380235174088823": {"code": 840380235174088833, "ten": 10.0},
}
SILENT = {
    "reading.values.code == 840380235174088833": {"code": 840380235174088834},
    "reading.values.code in [840380235174088833]": {"code": 840380235174088834},
    "reading.values.code >= 840380235174088834": {"code": 840380235174088833},
    "reading.values.missing > 1": {"t": 1},
}
FAILS = {
    "reading.values.t": {"t": 6},
    "reading.values.t > 5": {"t": "warm"},
    "reading.values.t / reading.values.zero > 1": {"t": 6, "zero": 0},
    "reading.values.list[7] > 1": {"list": [1]},
    "int(reading.values.s) > 1": {"s": "x"},
    "size(reading.values.t) > 1": {"t": 6},
}
REFUSED = {
    '"x"': "line 1, column 1",
    "1": "line 1, column 1",
    'getHours("Europe/Berlin")': "function getHours does not exist",
    'reading.time.getHours("Nope/Zone") > 1': "line 1, column 23: the time zone",
    'reading.time.getHours("/dev/stdin") > 1': "line 1, column 23: the time zone",
    'reading.values.s.matches("[")': "line 1, column 26: the pattern",
    "duration('soon') > duration('1h')": "line 1, column 10: 'soon' is not a valid duration",
    "timestamp('soon') > reading.time": "line 1, column 11: 'soon' is not a valid timestamp",
    "reading.value.t > 1": "line 1, column 1: variable reading.value.t does not exist; it must be one of reading.",
    "device.nope == 'x'": "variable device.nope does not exist; it must be one of device.",
    "device.name > 5": "operator > does not accept (string, number)",
    "reading.values.t > 1 &&": "line 1",
    "event.data.t > 1": "variable event.data.t does not exist",
    "reading.values.t > 1 / 0": "line 1, column 20: this part always fails: division by zero",
    "reading.values.t % 0 == 1": "line 1, column 18: modulus by zero",
    "{6.5: 'a'} == {}": "line 1, column 1: this part always fails",
    "has(device.name)": "line 1, column 4: has() asks for a field of a value",
    "duration(90) > duration('1h')": "line 1, column 9: function duration does not accept this type",
    "'%q'.format([reading.values.t]) == ''": "the format contains %q",
    "[1, 2][2] == reading.values.t": "line 1, column 1: this part always fails",
}
NEVER: list[tuple[dict[str, Any], str]] = [
    ({"trigger": {"type": "event", "topics": ["reading.*"]}}, "trigger.topics[0]"),
    ({"trigger": {"type": "event", "topics": ["alert.*", "audit.event"]}}, "trigger.topics[1]"),
    ({"trigger": {"type": "event", "topics": ["rule.fired"]}}, "trigger.topics[0]"),
    ({"trigger": {"type": "hook", "device_type": "pump"}}, "trigger.device_type"),
    ({"trigger": {"type": "schedule", "cron": "0 * * * *", "device_type": "pump"}}, "trigger.device_type"),
    ({"trigger": {"type": "hook"}, "actions": [{"type": "label", "key": "k", "value": "v"}]}, "actions[0].device_id"),
    ({"trigger": {"type": "reading"}, "condition": "rule.version > 'x'"}, "condition"),
    ({"trigger": {"type": "event", "topics": ["billing.*"]}, "condition": "device.name == 'x'"}, "condition"),
    ({"actions": [{"type": "label", "key": "{{ device.name }}", "value": "v"}]}, "actions[0].key"),
    ({"actions": [{"type": "command", "command": "c", "parameters": {"a": [{"b": "{{ x }}"}]}}]}, "actions[0].parameters.a[0].b"),
    ({"actions": [{"type": "command", "command": "c", "parameters": {"a": "{{ latest.?t }}"}}]}, "actions[0].parameters.a"),
]
EXCLUDED: list[tuple[list[str], dict[str, Any], str]] = [
    (["device.*"], {"channel": "up"}, "channel"),
    (["reading.telemetry"], {"origin": "agent"}, "origin"),
    (["reading.agent"], {"origin": "user"}, "origin"),
    (["device.*"], {"actions": ["user.*"]}, "actions"),
    (["billing.*", "audit.event"], {"labels": {"site": "north"}}, "labels"),
    (["connection.*"], {"condition": "device.name == 'x'"}, "condition"),
]


class Place:
    """A device, and what is defined for it."""

    def __init__(self, api: httpx.Client) -> None:
        self.api = api
        self.device_id: str = api.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]

    def say(self, values: dict[str, Any]) -> None:
        body = msgspec.json.encode({"data": values})
        self.api.post(f"/api/v2/devices/{self.device_id}/telemetry", content=body).raise_for_status()

    def alert(self, expression: str) -> str:
        condition = {"type": "expression", "expression": expression}
        body = {"name": expression[:100], "target": {"devices": [self.device_id]}, "condition": condition}
        return self.made("/api/v2/alerts", body)["id"]

    def rule(self, expression: str, *actions: dict[str, Any], **more: Any) -> str:
        definition = {"trigger": {"type": "reading", "device_ids": [self.device_id]}, "condition": expression} | more
        body = {"name": f"rule {time.monotonic_ns()}", "definition": definition | {"actions": list(actions)}}
        rule = self.made("/api/v2/rules", body)
        self.api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy").raise_for_status()
        return str(rule["id"])

    def webhook(self, expression: str) -> str:
        filters = {"device_ids": [self.device_id], "condition": expression.replace("reading.values", "event.data.data")}
        body = {"url": "https://hooks.invalid/in", "topics": ["reading.telemetry"], "filters": filters}
        return self.made("/api/v2/webhooks", body)["webhook"]["id"]

    def made(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.api.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def events(self, alert_id: str) -> list[Any]:
        return list(self.api.get(f"/api/v2/alerts/{alert_id}/history").json()["data"])

    def runs(self, rule_id: str, outcome: str = "done") -> list[Any]:
        return list(self.api.get(f"/api/v2/rules/{rule_id}/executions", params={"outcome": outcome}).json()["data"])

    def messages(self, webhook_id: str) -> list[Any]:
        return list(self.api.get("/api/v2/webhook-messages", params={"webhook_id": webhook_id}).json()["data"])

    def errors(self, path: str) -> dict[str, Any]:
        return dict(self.api.get(path).json()["evaluation_errors"])


@pytest.fixture
def place(api: httpx.Client) -> Place:
    return Place(api)


@for_each(list(FIRES))
def test_what_people_write_fires(expression: str, api: httpx.Client) -> None:
    place = Place(api)
    alert, rule = place.alert(expression), place.rule(expression)
    webhook = place.webhook(expression) if "reading.time" not in expression else None
    place.say(FIRES[expression])
    awaited(lambda: place.events(alert))
    awaited(lambda: place.runs(rule))
    if webhook is not None:
        awaited(lambda: place.messages(webhook))
    assert place.errors(f"/api/v2/alerts/{alert}") == place.errors(f"/api/v2/rules/{rule}") == NO_ERRORS


@for_each(list(SILENT))
def test_a_neighbour_or_a_missing_value_is_no_event_and_no_error(expression: str, api: httpx.Client) -> None:
    place = Place(api)
    alert, rule, webhook = place.alert(expression), place.rule(expression), place.webhook(expression)
    after = [place.alert("has(reading.values.last)"), place.rule("has(reading.values.last)")]
    after_webhook = place.webhook("has(reading.values.last)")
    place.say(SILENT[expression])
    place.say({"last": 1})
    awaited(lambda: place.events(after[0]) and place.runs(after[1]) and place.messages(after_webhook))
    assert (place.events(alert), place.runs(rule), place.messages(webhook)) == ([], [], [])
    for path in (f"/api/v2/alerts/{alert}", f"/api/v2/rules/{rule}", f"/api/v2/webhooks/{webhook}"):
        assert place.errors(path) == NO_ERRORS, path


@for_each(list(FAILS))
def test_what_fails_is_shown_where_it_is_defined_until_it_is_changed(expression: str, api: httpx.Client) -> None:
    place = Place(api)
    paths = [f"/api/v2/alerts/{place.alert(expression)}", f"/api/v2/rules/{place.rule(expression)}"]
    paths.append(f"/api/v2/webhooks/{place.webhook(expression)}")
    place.say(FAILS[expression])
    for path in paths:
        errors = awaited(lambda path=path: place.errors(path)["count"] and place.errors(path))
        assert errors["count"] == 1
        assert errors["last_error"]
        assert errors["last_at"].endswith("Z")
    condition = {"type": "expression", "expression": "reading.values.t > 99"}
    changes = [
        {"condition": condition},
        {"definition": {"trigger": {"type": "reading"}, "condition": "reading.values.t > 99", "actions": []}},
        {"filters": {"condition": "event.data.data.t > 99"}},
    ]
    for path, change in zip(paths, changes, strict=True):
        assert place.api.patch(path, json=change).json()["evaluation_errors"] == NO_ERRORS
        assert place.errors(path) == NO_ERRORS


def test_a_failure_is_counted_once_over_restarts(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server, server.client(server.orgs["Acme"]) as api:
        place, expression = Place(api), "reading.values.t > 5"
        paths = [f"/api/v2/alerts/{place.alert(expression)}", f"/api/v2/rules/{place.rule(expression)}"]
        paths.append(f"/api/v2/webhooks/{place.webhook(expression)}")
        for _ in range(5):
            place.say({"t": "warm"})
        for path in paths:
            awaited(lambda path=path: place.errors(path)["count"] == 5)
        assert server.stop() == 0
        org = server.orgs["Acme"]
    with running_server(tmp_path / "data", orgs=()) as again, again.client(org) as api:
        place.api = api
        # Of another type, so that its failure is known from those before it, which might be counted again.
        place.say({"t": True})
        for path in paths:
            awaited(lambda path=path: "(bool" in (place.errors(path)["last_error"] or ""))
        assert [place.errors(path)["count"] for path in paths] == [6, 6, 6]


@for_each(list(REFUSED))
def test_what_can_never_work_is_rejected_with_its_place(expression: str, api: httpx.Client) -> None:
    place = Place(api)
    reason = REFUSED[expression]
    target = {"devices": [place.device_id]}
    alert = {"name": "Odd", "target": target, "condition": {"type": "expression", "expression": expression}}
    rule = {"name": "odd", "definition": {"trigger": {"type": "reading"}, "condition": expression}}
    for path, body, field in (
        ("/api/v2/alerts", alert, "condition.expression"),
        ("/api/v2/rules", rule, "definition.condition"),
    ):
        answer = place.api.post(path, json=body)
        assert answer.status_code == 400, answer.text
        (error,) = answer.json()["errors"]
        assert error["field"] == field
        assert reason in error["detail"]


@for_each(
    [
        ("reading", "event.topic == 'x'"),
        ("reading", "window.nope > 1"),
        ("reading", "window['nope'] > 1"),
        ("reading", "hook.body.x == 1"),
        ("event", "reading.values.t > 1"),
        ("connectivity", "event.body.nope == 'online'"),
        ("event", "event.body.nope == 1"),
        ("event", "'x' == event.body['nope']"),
        ("schedule", "reading.values.t > 1"),
        ("schedule", "device.name == 'x'"),
        ("hook", "reading.values.t > 1"),
        ("hook", "device.name == 'x'"),
    ]
)
def test_a_variable_that_the_trigger_never_has_is_rejected(case: tuple[str, str], api: httpx.Client) -> None:
    kind, expression = case
    more = {"schedule": {"cron": "0 * * * *"}, "event": {"topics": ["alert.*"]}}.get(kind, {})
    definition = {"trigger": {"type": kind} | more, "condition": expression, "actions": []}
    answer = api.post("/api/v2/rules", json={"name": "odd", "definition": definition})
    assert answer.status_code == 400, answer.text
    assert "does not exist" in answer.json()["errors"][0]["detail"]


@for_each(NEVER)
def test_a_rule_that_can_never_do_its_work_is_rejected(case: tuple[dict[str, Any], str], api: httpx.Client) -> None:
    definition, field = case
    body = {"name": "odd", "definition": {"trigger": {"type": "reading"}} | definition}
    answer = api.post("/api/v2/rules", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, f"definition.{field}"), answer.text


@for_each(EXCLUDED)
def test_filters_that_exclude_every_event_are_rejected(case: tuple[list[str], dict[str, Any], str], api: httpx.Client) -> None:
    topics, filters, field = case
    answer = api.post("/api/v2/webhooks", json={"url": "https://hooks.invalid/in", "topics": topics, "filters": filters})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, f"filters.{field}"), answer.text
    wider = {"url": "https://hooks.invalid/in", "topics": [*topics, "*"], "filters": filters}
    api.post("/api/v2/webhooks", json=wider).raise_for_status()


def test_a_preview_is_never_an_error_of_the_server(api: httpx.Client) -> None:
    for source in (
        "{6.5: 'a'}",
        "{1.5: 1}.size()",
        "[optional.of(1)]",
        "optional.none()",
        "type(1)",
        "{true: 1, 2: 3}",
        "b'\\xff'",
    ):
        answer = api.post("/api/v2/expressions/preview", json={"use": "alert", "expression": source})
        assert answer.status_code in (200, 400), (source, answer.text)


def test_the_fields_of_a_connectivity_event_can_be_named(api: httpx.Client) -> None:
    place = Place(api)
    condition = "event.body.connectivity == 'online' && event.body.device_id == device.id"
    place.rule(condition, {"type": "label", "key": "seen", "value": "{{ event.body.state }}"}, trigger={"type": "connectivity"})
    place.say({"t": 1})
    path = f"/api/v2/devices/{place.device_id}"
    assert awaited(lambda: api.get(path).json()["labels"].get("seen")) == "online"


def test_a_command_gets_the_values_of_nested_parameters(place: Place) -> None:
    parameters = {
        "limits": {"low": "{{ reading.values.t - 1 }}", "text": ["t is {{ reading.values.t }}"]},
        "plain": {"a": [1, "x"]},
    }
    body = {"name": "limit", "parameters": [{"name": "limits", "type": "object"}, {"name": "plain", "type": "object"}]}
    place.api.post(f"/api/v2/devices/{place.device_id}/commands", json=body).raise_for_status()
    place.rule("has(reading.values.t)", {"type": "command", "command": "limit", "parameters": parameters})
    place.say({"t": 21})
    query = {"device_id": place.device_id}
    sent = awaited(lambda: place.api.get("/api/v2/command-executions", params=query).json()["data"])[0]
    assert sent["parameters"] == {"limits": {"low": 20, "text": ["t is 21"]}, "plain": {"a": [1, "x"]}}


@for_each(
    [
        (["device.online"], "event.data.severity == 'high'"),
        (["alert.*", "device.*"], "event.data.severty == 'high'"),
        (["reading.telemetry"], "event.data.t > 1"),
        (["audit.event"], "event.data.name == 'x'"),
        (["reading.telemetry"], "event.nope == 'x'"),
        (["reading.telemetry"], "device.nope == 'x'"),
        (["reading.telemetry"], "event.type"),
    ]
)
def test_a_filter_that_no_event_can_pass_is_rejected(case: tuple[list[str], str], api: httpx.Client) -> None:
    topics, condition = case
    body = {"url": "https://hooks.invalid/in", "topics": topics, "filters": {"condition": condition}}
    answer = api.post("/api/v2/webhooks", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == "filters.condition"


def test_an_action_writes_the_number_that_was_sent(place: Place) -> None:
    copy = {"type": "reading", "key": "copy", "value": "reading.values.n"}
    place.rule("has(reading.values.n)", copy)
    for number in (21, 2.5, 840380235174088833):
        place.say({"n": number})
        path = f"/api/v2/devices/{place.device_id}/telemetry"
        found = awaited(
            lambda path=path, number=number: [
                one for one in place.api.get(path).json()["data"] if one["data"].get("copy") == number
            ]
        )
        assert type(found[0]["data"]["copy"]) is type(number)


PLAIN = {"name", "key", "command", "channel", "severity", "device_id"}
"""The texts of rules' actions that are names, in which braces are only characters."""
PLAIN_OF_ALERTS = {"url", "channel", "definition_id", "device_id", "to", "parameters", "on_clear", "headers"}
BAD = ("{{ nope.x }}", "{{ reading.values.t > }}", "{{ event.body.x }}", "{{ reading.time.getHours('Nope/Zone') }}")


def _rule_cases() -> list[tuple[str, dict[str, Any], str]]:
    """Every text of every action of rules with a bad expression in it: what comes later joins by itself."""
    found = []
    good: dict[str, Any] = {
        "to": ["a@example.org"],
        "url": "https://example.org/",
        "severity": "low",
        "parameters": {},
        "body": "",
    }
    for action in get_args(rules.Action):
        fields = {one.name: good.get(one.name, "1") for one in msgspec.structs.fields(action) if one.required}
        if "to" in fields and action is rules.SmsAction:
            fields["to"] = ["+3212345678"]
        tag = action.__struct_config__.tag
        for one in msgspec.structs.fields(action):
            if one.name in PLAIN or one.name == "to":
                continue
            for bad in BAD:
                # `value` of a reading and of a raised alert is an expression, without braces.
                bare = one.name == "value" and action in (rules.ReadingAction, rules.RaiseAlertAction)
                text = bad.strip("{} ") if bare else f"https://example.org/{bad}" if one.name == "url" else bad
                value: Any = {"p": text} if one.name == "parameters" else text
                place = f"{one.name}.p" if one.name == "parameters" else one.name
                found.append((f"{tag}.{place}", {"type": tag} | fields | {one.name: value}, place))
    return found


def test_every_text_of_every_action_of_a_rule_is_checked(api: httpx.Client) -> None:
    cases = _rule_cases()
    assert {case[1]["type"] for case in cases} >= {
        "command",
        "email",
        "sms",
        "chat",
        "label",
        "reading",
        "raise_alert",
        "webhook",
    }
    wrong = []
    for name, action, place in cases:
        definition = {"trigger": {"type": "reading"}, "condition": "", "actions": [action]}
        answer = api.post("/api/v2/rules", json={"name": "odd", "definition": definition})
        field = answer.json().get("errors", [{}])[0].get("field") if answer.status_code == 400 else None
        if field != f"definition.actions[0].{place}":
            wrong.append((name, action, answer.status_code, answer.text[:200]))
    assert wrong == []


def test_every_template_of_every_action_of_an_alert_is_checked(api: httpx.Client) -> None:
    good: dict[str, Any] = {"to": ["a@example.org"], "url": "https://example.org/", "channel": "ops", "definition_id": "cmd_1"}
    wrong, seen = [], 0
    for action in get_args(get_args(alert_wire.Action)[0]):
        tag = action.__struct_config__.tag
        required = {one.name: good.get(one.name, "1") for one in msgspec.structs.fields(action) if one.required}
        if tag == "sms":
            required["to"] = ["+3212345678"]
        for one in msgspec.structs.fields(action):
            if one.name in PLAIN_OF_ALERTS:
                continue
            for bad in ("{{ nope.x }}", "{{ reading.values.t }}", "{{ alert.name > }}", "{{ alert.at.getHours('Nope/Zone') }}"):
                seen += 1
                for field, about in (
                    ("actions[0]", {"actions": [{"type": tag} | required | {one.name: bad}]}),
                    (
                        "escalation[0].actions[0]",
                        {"escalation": [{"after_s": 9, "actions": [{"type": tag} | required | {one.name: bad}]}]},
                    ),
                ):
                    body = {"name": "x", "target": {"all": True}, "condition": {"type": "no_data", "after_s": 60}} | about
                    answer = api.post("/api/v2/alerts", json=body)
                    if answer.status_code != 400 or answer.json()["errors"][0]["field"] != f"{field}.{one.name}":
                        wrong.append((tag, one.name, bad, answer.text[:200]))
    assert wrong == []
    assert seen >= 12


def test_a_failing_text_of_an_alert_is_counted_and_the_message_is_sent(place: Place) -> None:
    text = "{{ alert.name.substring(99) }}"
    action = {"type": "email", "to": ["a@example.org"], "text": text}
    condition = {"type": "expression", "expression": "reading.values.t > 1"}
    body = {"name": "Warm", "target": {"devices": [place.device_id]}, "condition": condition, "actions": [action]}
    path = f"/api/v2/alerts/{place.made('/api/v2/alerts', body)['id']}"
    place.say({"t": 2})
    errors = awaited(lambda: place.errors(path)["count"] and place.errors(path))
    assert errors["last_error"].startswith("text: alert.name.substring(99): ")
