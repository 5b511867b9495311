"""Payloads go first and messages later, of every organisation and in pieces that hold nobody up."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.webhooks.models import Message, MessageFilter
from penstock.kit.clock import DAY_US
from penstock.kit.ids import MAX_ID, WebhookId, WebhookMessageId, first_id_at
from penstock.settings import load_settings
from penstock.workers import webhook_tidy
from penstock.workers.webhook_tidy import WebhookTidy
from tests.adapters.storage.sqlite.test_webhooks import endpoint, message
from tests.support.days import NOON_US, HeldClock
from tests.support.shelf import Shelf

CONFIG = msgspec.structs.replace(load_settings(environment={}).webhooks, payload_days=2, keep_days=5)


async def left(shelf: Shelf, worker: WebhookTidy) -> tuple[int, list[bool]]:
    """How much went, and of each message that is left whether it has its payload, oldest first."""
    went = await worker.step()
    async with shelf.own() as tx:
        found = await tx.webhook_messages.list(MessageFilter(), 100, MAX_ID)
    return went, [one.body is not None for one in reversed(found)]


def of_day(shelf: Shelf, day: int, number: int) -> Message:
    made = message(shelf, number)
    return msgspec.structs.replace(made, id=WebhookMessageId(first_id_at(NOON_US + day * DAY_US) + number))


@pytest.mark.parametrize("at_once", [1, 2, 1000])
async def test_days_go_by(at_once: int, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_tidy, "AT_ONCE", at_once)
    clock = HeldClock()
    worker = WebhookTidy(shelf.database, clock, CONFIG)
    async with shelf.own() as tx:
        await tx.webhooks.create(endpoint(shelf, 1))
        await tx.webhook_messages.add([of_day(shelf, 0, number) for number in (1, 2, 3)] + [of_day(shelf, 1, 4)])
    async with shelf.strange() as tx:
        await tx.webhooks.create(msgspec.structs.replace(endpoint(shelf, 2), org_id=shelf.other))
        theirs = msgspec.structs.replace(of_day(shelf, 0, 9), endpoint_id=WebhookId(2), org_id=shelf.other)
        await tx.webhook_messages.add([theirs])
    assert await left(shelf, worker) == (0, [True] * 4)
    clock.us += 2 * DAY_US
    assert await left(shelf, worker) == (0, [True] * 4), "the last moment of the second day"
    clock.us += 1_000
    assert await left(shelf, worker) == (4, [False] * 3 + [True]), "three of ours, and the stranger's"
    clock.us += 3 * DAY_US
    assert await left(shelf, worker) == (1 + 4, [False])
    async with shelf.strange() as tx:
        assert await tx.webhook_messages.list(MessageFilter(), 100, MAX_ID) == []
