"""Webhooks are no way around a scope: an endpoint is given only such events as its author may read, and its messages are read,
sent again and sent elsewhere only by such as may. Generated from the catalogue of topics.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from penstock.bootstrap import Control
from penstock.core.tenancy.event_scopes import SCOPES
from penstock.core.tenancy.scopes import ALL
from penstock.core.webhooks.models import Message, MessageStatus
from penstock.core.webhooks.topics import CATALOGUE, TEST, Topic
from penstock.kit.clock import SystemClock
from penstock.kit.ids import IdSource, Prefix, ProjectId, WebhookId, WebhookMessageId, decode, encode
from tests.security.dialects import PASSES_ON
from tests.security.table import name_of, operations
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org

from .conftest import MakeKeys

CLOCK = SystemClock()
IDS = IdSource(CLOCK.now_us)
TOPICS = list(CATALOGUE.values())
URL = "https://hooks.example.org/x"
Call = Callable[[httpx.Client], httpx.Response]


def test_every_topic_has_its_scope() -> None:
    areas = {max((area for area in SCOPES if one.name.startswith(f"{area}.")), key=len, default=one.name) for one in TOPICS}
    assert areas == set(SCOPES), "a new area of topics, or one that no topic is in"
    assert {one.scope for one in TOPICS} <= ALL


@pytest.fixture(scope="module")
def without(acme: Org, make_keys: MakeKeys) -> dict[str, str]:
    """A key per scope of a topic that carries every other."""
    scopes = sorted(set(SCOPES.values()))
    return dict(zip(scopes, make_keys(acme, [ALL - {scope} for scope in scopes]), strict=True))


@contextmanager
def acting(client: httpx.Client, headers: dict[str, str]) -> Iterator[httpx.Client]:
    """The client with these headers for a while."""
    before = client.headers.copy()
    client.headers.update(headers)
    yield client
    client.headers = before


def key_of(value: str, acme: Org) -> dict[str, str]:
    return {"X-API-Key": value, "X-Organization-Id": acme.organization_id}


def endpoint(client: httpx.Client, acme: Org, *topics: str, **fields: Any) -> str:
    body = {"url": URL, "topics": list(topics), "enabled": False} | fields
    answer = client.post("/api/v2/webhooks", json=body, headers=acme.headers())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["webhook"]["id"])


def message_to(server: InProcessServer, acme: Org, endpoint_id: str, topic: str, status: MessageStatus) -> str:
    """A message of a topic, as the server would have queued it."""
    org_id, number = decode(Prefix.ORGANIZATION, acme.organization_id), decode(Prefix.WEBHOOK, endpoint_id)
    assert org_id is not None
    now_us = CLOCK.now_us()
    made = Message(
        id=IDS.next(WebhookMessageId),
        org_id=org_id,
        endpoint_id=number or WebhookId(0),
        event_key=f"{topic}:{IDS.number()}",
        topic=topic,
        device_id=None,
        project_id=ProjectId(0),
        created_us=now_us,
        due_us=now_us,
        body=b'{"kept": "from you"}',
        status=status,
    )

    async def add(control: Control) -> None:
        async with control.database.transaction(org_id) as tx:
            await tx.webhook_messages.add([made])

    server.run(add)
    return encode(Prefix.WEBHOOK_MESSAGE, made.id)


MAKES: dict[str, Callable[[str], dict[str, Any]]] = {
    "POST /api/v2/webhooks": lambda topic: {"url": URL, "topics": [topic]},
    **PASSES_ON,
}
"""How an endpoint is made, on every surface that makes some: the operation, and its body."""


def test_every_surface_that_makes_endpoints_is_tried() -> None:
    made = {name_of(one) for one in operations() if one.method == "POST" and one.path.endswith(("/webhooks", "/endpoints"))}
    assert made == set(MAKES)


@for_each(TOPICS, lambda topic: topic.name)
def test_an_endpoint_is_made_by_whom_may_read_its_events(
    topic: Topic, client: httpx.Client, acme: Org, without: dict[str, str]
) -> None:
    patterns = {topic.name, topic.name.rpartition(".")[0] + ".*", topic.name.split(".")[0] + ".*", "*"}
    for name, body in MAKES.items():
        for pattern in patterns:
            with acting(client, key_of(without[topic.scope], acme)) as weak:
                answer = weak.post(name.split()[1], json=body(pattern))
            assert answer.status_code == 403, (name, pattern, answer.text)
            assert topic.scope in answer.text
        with acting(client, acme.headers()) as able:
            assert able.post(name.split()[1], json=body(topic.name)).status_code == 201, name


@for_each(TOPICS, lambda topic: topic.name)
def test_an_endpoint_and_its_messages_are_used_by_whom_may_read_its_events(
    topic: Topic, client: httpx.Client, server: InProcessServer, acme: Org, without: dict[str, str]
) -> None:
    hook = f"/api/v2/webhooks/{endpoint(client, acme, topic.name)}"
    message_id = message_to(server, acme, hook.rsplit("/", 1)[1], topic.name, MessageStatus.DELIVERED)
    message = f"/api/v2/webhook-messages/{message_id}"
    calls: dict[str, Call] = {
        "send elsewhere": lambda client: client.patch(hook, json={"url": f"{URL}/mine"}),
        "subscribe to less": lambda client: client.patch(hook, json={"topics": ["webhook.endpoint.disabled"]}),
        "rename": lambda client: client.patch(hook, json={"name": "mine"}),
        "enable": lambda client: client.post(f"{hook}/enable"),
        "rotate the secret": lambda client: client.post(f"{hook}/rotate-secret", json={}),
        "test": lambda client: client.post(f"{hook}/test"),
        "replay all": lambda client: client.post(f"{hook}/replay", json={"status": "any"}),
        "read the payload": lambda client: client.get(message),
        "read the attempts": lambda client: client.get(f"{message}/attempts"),
        "replay": lambda client: client.post(f"{message}/replay"),
    }
    with acting(client, key_of(without[topic.scope], acme)) as weak:
        answers = {what: call(weak) for what, call in calls.items()}
    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(calls, 403)
    assert all(topic.scope in answer.text for answer in answers.values())
    with acting(client, acme.headers()) as able:
        assert calls["read the payload"](able).json()["payload"] == '{"kept": "from you"}'
        assert calls["read the attempts"](able).status_code == 200
        assert calls["rename"](able).json()["name"] == "mine"
        assert able.get(hook).json()["url"] == URL, "what was refused changed nothing"


def test_old_messages_do_not_follow_an_endpoint_to_a_new_url(
    client: httpx.Client, server: InProcessServer, acme: Org, without: dict[str, str]
) -> None:
    endpoint_id = endpoint(client, acme, "device.online")
    hook = f"/api/v2/webhooks/{endpoint_id}"
    message_to(server, acme, endpoint_id, TEST, MessageStatus.PENDING)
    with acting(client, key_of(without["alerts:read"], acme)) as weak:
        assert weak.patch(hook, json={"url": f"{URL}/2"}).status_code == 200, "a test message is nobody's secret"
        message_to(server, acme, endpoint_id, "alert.raised", MessageStatus.PENDING)
        assert weak.patch(hook, json={"url": f"{URL}/mine"}).status_code == 403
        assert weak.patch(hook, json={"name": "stays"}).status_code == 200
        assert weak.post(f"{hook}/replay", json={"status": "any"}).status_code == 403
        assert weak.post(f"{hook}/disable").status_code == 200
        assert weak.delete(hook).status_code == 204


def test_a_list_of_messages_shows_no_payload(
    client: httpx.Client, server: InProcessServer, acme: Org, without: dict[str, str]
) -> None:
    endpoint_id = endpoint(client, acme, "alert.*")
    message_to(server, acme, endpoint_id, "alert.raised", MessageStatus.DELIVERED)
    with acting(client, key_of(without["alerts:read"], acme)) as weak:
        rows = weak.get("/api/v2/webhook-messages", params={"webhook_id": endpoint_id}).json()["data"]
    assert [row["payload"] for row in rows] == [None]


def test_the_catalogue_tells_the_scopes(client: httpx.Client, acme: Org) -> None:
    rows = client.get("/api/v2/webhook-topics", headers=acme.headers()).json()["data"]
    assert {row["name"]: row["scope"] for row in rows} == {one.name: one.scope for one in TOPICS}


Made = Callable[[httpx.Client], Call]


def _created(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v2/{path}", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found.get("device", found)


def _alert(client: httpx.Client, **fields: Any) -> str:
    warm = {"type": "threshold", "field": "t", "operator": ">", "value": 8}
    body = {"name": secrets.token_hex(6), "target": {"all": True}, "condition": warm, "enabled": False} | fields
    return f"/api/v2/alerts/{_created(client, 'alerts', **body)['id']}"


def _command(client: httpx.Client) -> tuple[str, str]:
    """A device and a command of it."""
    device_id = _created(client, "devices", name="Door")["id"]
    return device_id, _created(client, f"devices/{device_id}/commands", name="open")["id"]


def _monitors_readings(client: httpx.Client) -> Call:
    body = {"name": "mine", "target": {"all": True}, "condition": {"type": "expression", "expression": "reading.values.t > 8"}}
    return lambda weak: weak.post("/api/v2/alerts", json=body)


def _monitors_devices(client: httpx.Client) -> Call:
    body = {"name": "mine", "target": {"all": True}, "condition": {"type": "connectivity", "state": "offline"}}
    return lambda weak: weak.post("/api/v2/alerts", json=body)


def _mails_what_an_alert_says(client: httpx.Client) -> Call:
    path = _alert(client)
    return lambda weak: weak.patch(path, json={"actions": [{"type": "email", "to": ["eve@example.org"]}]})


def _tests_an_alert_that_commands(client: httpx.Client) -> Call:
    device_id, definition_id = _command(client)
    path = _alert(client, actions=[{"type": "command", "definition_id": definition_id}])
    return lambda weak: weak.post(f"{path}/test", json={"device_id": device_id})


def _hook_of_a_rule_that_commands(client: httpx.Client) -> Call:
    device_id, _ = _command(client)
    action = {"type": "command", "command": "open", "device_id": device_id}
    definition = {"trigger": {"type": "hook"}, "actions": [action]}
    rule = _created(client, "rules", name=secrets.token_hex(6), definition=definition)
    return lambda weak: weak.post(f"/api/v2/rules/{rule['id']}/hook")


def _rule(client: httpx.Client, definition: dict[str, Any]) -> Call:
    return lambda weak: weak.post("/api/v2/rules", json={"name": secrets.token_hex(6), "definition": definition})


def _posts_last_values(client: httpx.Client) -> Call:
    device_id, _ = _command(client)
    action = {"type": "webhook", "url": "https://hooks.example.org/x", "body": "{{ latest.t }}"}
    return _rule(client, {"trigger": {"type": "schedule", "cron": "0 6 * * *", "device_ids": [device_id]}, "actions": [action]})


def _posts_names_of_devices(client: httpx.Client) -> Call:
    action = {"type": "webhook", "url": "https://hooks.example.org/x", "body": "{{ device.name }}"}
    return _rule(client, {"trigger": {"type": "event", "topics": ["alert.raised"]}, "actions": [action]})


def _takes_over_a_channel(client: httpx.Client) -> Call:
    slack = {"name": secrets.token_hex(6), "kind": "slack", "url": "https://hooks.slack.com/services/T/B/theirs"}
    channel = _created(client, "notification-channels", **slack)["id"]
    mine = {"url": "https://hooks.slack.com/services/T/B/mine"}
    return lambda weak: weak.patch(f"/api/v2/notification-channels/{channel}", json=mine)


def _makes_a_channel(client: httpx.Client) -> Call:
    slack = {"name": secrets.token_hex(6), "kind": "slack", "url": "https://hooks.slack.com/services/T/B/mine"}
    return lambda weak: weak.post("/api/v2/notification-channels", json=slack)


def _invites_a_resident(client: httpx.Client) -> Call:
    mark = secrets.token_hex(6)
    customer = _created(client, "customers", name=mark, admin_email="ada@example.org", tenant_name=mark)["id"]
    resident = _created(client, f"customers/{customer}/residents", name="Eve", email="eve@example.org")["id"]
    return lambda weak: weak.post(f"/api/v2/customers/{customer}/residents/{resident}/invitation")


DETOURS: dict[str, tuple[Made, str]] = {
    "an alert on readings": (_monitors_readings, "telemetry:read"),
    "an alert on devices": (_monitors_devices, "devices:read"),
    "a mail of an alert on readings": (_mails_what_an_alert_says, "telemetry:read"),
    "the test of an alert that commands": (_tests_an_alert_that_commands, "commands:write"),
    "the hook of a rule that commands": (_hook_of_a_rule_that_commands, "commands:write"),
    "a rule that posts last values on a schedule": (_posts_last_values, "telemetry:read"),
    "a rule that posts the device of an alert": (_posts_names_of_devices, "devices:read"),
    "the channel that alerts post to": (_takes_over_a_channel, "alerts:read"),
    "the channel that rules post to": (_makes_a_channel, "rules:read"),
    "a resident who reads": (_invites_a_resident, "telemetry:read"),
}
"""Calls of other nouns that lead to what another scope protects: how to prepare one, and that scope."""


@for_each(list(DETOURS), str)
def test_there_is_no_detour_around_a_scope(detour: str, client: httpx.Client, acme: Org, make_keys: MakeKeys) -> None:
    prepare, scope = DETOURS[detour]
    (value,) = make_keys(acme, [ALL - {scope}])
    with acting(client, acme.headers()) as able:
        call = prepare(able)
    with acting(client, key_of(value, acme)) as weak:
        answer = call(weak)
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope_missing"), answer.text
    assert scope in answer.json()["detail"]
    with acting(client, acme.headers()) as able:
        assert call(able).is_success
