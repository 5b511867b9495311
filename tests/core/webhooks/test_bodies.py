"""Payloads with the text of messages are stored encrypted, delivered as they are, and shown to whom may read all messages."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.tenancy.errors import GrantedTopics
from penstock.core.tenancy.scopes import ALL
from penstock.core.webhooks.bodies import SEALED, check_topics
from penstock.core.webhooks.models import Filters, MessageFilter, NewEndpoint
from penstock.kit.ids import OrgId
from tests.support.days import HeldClock
from tests.support.inboxes import NUMBER, PEER, InboxSite, open_inboxes
from tests.support.receivers import Receiver, receiving, saying
from tests.support.webhooks import HookSite

TEXT = "Your code is 481902"


async def told(site: InboxSite, receiver: Receiver, form: str, secret: str | None = None) -> HookSite:
    hooks = HookSite(site.server, site.actor.org_id)
    await site.add_number()
    await hooks.subscribe(receiver.url(), "sms.*", format=form, secret=secret)
    await site.receive(TEXT, "a")
    await hooks.match()
    await hooks.deliver()
    return hooks


async def test_kaitos_form_and_what_is_stored(tmp_path: Path) -> None:
    clock = HeldClock()
    clock.us = 1_777_713_303_000_000
    async with receiving() as receiver, open_inboxes(tmp_path, clock) as site:
        receiver.answer = lambda delivery: saying(200, body=delivery.body)  # a receiver that repeats what it is sent
        hooks = await told(site, receiver, "kaito", "whsec_3d1c9a77b0")
        (delivered,) = receiver.delivered
        body = json.loads(delivered.body)
        assert (list(body), body["type"], body["created_at"]) == (
            ["id", "type", "created_at", "data"],
            "sms.inbound",
            "2026-05-02T09:15:03Z",
        )
        assert list(body["data"]) == ["id", "number", "from", "body", "received_at"]
        assert body["data"]["id"].startswith("sms_")
        assert body["data"] | {"id": ""} == {
            "id": "",
            "number": NUMBER,
            "from": PEER,
            "body": TEXT,
            "received_at": "2026-05-02T09:15:03Z",
        }
        signed = f"{delivered.headers['kaito-timestamp']}.".encode() + delivered.body
        expected = hmac.new(b"whsec_3d1c9a77b0", signed, hashlib.sha256).hexdigest()
        assert delivered.headers["kaito-signature"] == f"sha256={expected}"
        (message,) = await hooks.messages()
        assert message.data_key is not None
        assert b"481902" not in (message.body or b"")
        shown = await site.server.parts.webhooks.messages.get(site.actor, message.id)
        assert shown.body == delivered.body
        (attempt,) = (await site.server.parts.webhooks.messages.attempts(site.actor, message.id, 10, None)).items
        assert (attempt.status, attempt.excerpt) == (200, "")
        await site.server.parts.webhooks.messages.replay(site.actor, message.id)
        await hooks.deliver()
        assert [one.body for one in receiver.delivered] == [delivered.body] * 2


async def test_a_filter_sees_the_text(tmp_path: Path) -> None:
    async with receiving() as receiver, open_inboxes(tmp_path) as site:
        hooks = HookSite(site.server, site.actor.org_id)
        await site.add_number()

        filters = Filters(condition='event.data.code == "481902"')
        await hooks.subscribe(receiver.url(), "sms.inbound", filters=filters)
        for number, text in enumerate(("no code", TEXT)):
            await site.receive(text, str(number))
        await hooks.match()
        await hooks.deliver()
        assert [json.loads(one.body)["data"]["body"] for one in receiver.delivered] == [TEXT]


async def test_a_payload_whose_key_was_destroyed_is_not_delivered(tmp_path: Path) -> None:
    async with receiving() as receiver, open_inboxes(tmp_path) as site:
        receiver.answer = lambda _: saying(500)
        hooks = await told(site, receiver, "standard")
        await site.server.vault._keyring.shred(site.actor.org_id)
        (message,) = await hooks.messages()
        await site.server.parts.webhooks.messages.replay(site.actor, message.id)
        site.server.parts.webhooks.delivery._registry.all()[0].health.failures = 0
        site.server.parts.webhooks.delivery._registry.all()[0].health.open_until_us = 0
        await hooks.deliver()
        assert len(receiver.delivered) == 1
        page = await site.server.parts.webhooks.messages.attempts(site.actor, message.id, 10, None)
        assert page.items[0].status is None
        assert page.items[0].error


def caller(*, granted_only: bool, scopes: frozenset[str] = ALL) -> Actor:
    return Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=scopes, granted_only=granted_only)


@pytest.mark.parametrize("topic", [*SEALED, "token.permission.changed", "token.*", "sms.*", "mail.*", "*"])
def test_who_sees_only_what_is_granted_cannot_receive_all(topic: str) -> None:
    check_topics(caller(granted_only=False), [topic])
    with pytest.raises(GrantedTopics):
        check_topics(caller(granted_only=True), [topic])
    with pytest.raises(ScopeMissing):
        check_topics(caller(granted_only=False, scopes=ALL - {"sms:read", "tokens:write"}), [topic])


def test_other_topics_are_open_to_them() -> None:
    check_topics(caller(granted_only=True), ["device.*", "alert.raised"])


async def test_they_neither_subscribe_nor_read_a_payload(tmp_path: Path) -> None:
    async with receiving() as receiver, open_inboxes(tmp_path) as site:
        hooks = await told(site, receiver, "standard")
        restricted = msgspec.structs.replace(caller(granted_only=True), org_id=site.actor.org_id)
        webhooks = site.server.parts.webhooks
        (message,) = (await webhooks.messages.list(restricted, MessageFilter(), 10, None)).items
        with pytest.raises(GrantedTopics):
            await webhooks.messages.get(restricted, message.id)
        with pytest.raises(GrantedTopics):
            await webhooks.endpoints.create(restricted, NewEndpoint(url=receiver.url(), topics=("sms.inbound",)))
        assert hooks
