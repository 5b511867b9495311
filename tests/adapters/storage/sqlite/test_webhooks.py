"""Endpoints, messages and attempts as rows: one message for an event, the order of devices, replays and what is dropped."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.webhooks.models import (
    Attempt,
    Endpoint,
    Filters,
    Gathered,
    Health,
    Message,
    MessageFilter,
    MessageStatus,
    Options,
)
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import DeviceId, ProjectId, WebhookAttemptId, WebhookId, WebhookMessageId, first_id_at
from tests.support.shelf import Shelf

ONE = WebhookId(1)
DAY = 1_777_723_200_000_000
FIRST = first_id_at(DAY)
"""The first message is queued at noon, each further one a second later."""


def endpoint(shelf: Shelf, number: int, **about: Any) -> Endpoint:
    known: dict[str, Any] = {
        "id": WebhookId(number),
        "org_id": shelf.acme,
        "project_id": None,
        "name": "",
        "url": "https://hooks.invalid",
        "format": "standard",
        "topics": ("alert.*",),
        "filters": Filters(labels={"a": "b"}),
        "options": Options(ordered=True),
        "header_names": ("X-Key",),
        "secret_paths": {"secret": "", "headers.A": "mine"},
        "enabled": True,
        "disabled_reason": None,
        "since_us": 1,
        "previous_until_us": None,
        "created_us": 1,
        "updated_us": 1,
    }
    return Endpoint(**known | about)


def nth(number: int) -> WebhookMessageId:
    return WebhookMessageId(first_id_at(DAY + number * SECOND_US))


def message(shelf: Shelf, number: int, **about: Any) -> Message:
    known: dict[str, Any] = {
        "id": nth(number),
        "org_id": shelf.acme,
        "endpoint_id": ONE,
        "event_key": f"outbox:{number}",
        "topic": "alert.raised",
        "device_id": None,
        "project_id": ProjectId(0),
        "created_us": 1,
        "due_us": 100 - number,
        "body": b"{}",
    }
    return Message(**known | about)


async def add(shelf: Shelf, *messages: Message) -> None:
    async with shelf.own() as tx:
        await tx.webhooks.create(endpoint(shelf, 1))
        await tx.webhook_messages.add(messages)


async def test_endpoints_are_read_back_counted_and_no_strangers(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.webhooks.create(endpoint(shelf, 1))
        await tx.webhooks.create(endpoint(shelf, 2, project_id=shelf.project_id, format="another"))
        health = Health(failures=3, failing_since_us=7, open_until_us=9)
        await tx.webhooks.set_health(ONE, health)
        assert await tx.webhooks.find(ONE) == endpoint(shelf, 1, health=health)
        await tx.webhooks.update(endpoint(shelf, 1, name="renamed"))
        assert await tx.webhooks.find(ONE) == endpoint(shelf, 1, name="renamed", health=health), "health has its own writer"
        assert [one.id for one in await tx.webhooks.list(None, 1, 9)] == [2]
        assert [one.id for one in await tx.webhooks.list(None, 9, 2)] == [1]
        assert [one.id for one in await tx.webhooks.list(shelf.project_id, 9, 9)] == [2]
        assert await tx.webhooks.count(shelf.project_id, "another") == (2, 1)
        assert await tx.webhooks.count(shelf.project_id, "standard") == (2, 0)
    async with shelf.strange() as tx:
        assert await tx.webhooks.find(ONE) is None
        assert await tx.webhooks.count(None, "standard") == (0, 0)
        await tx.webhooks.delete(ONE)
        await tx.webhooks.set_health(ONE, Health(failures=99))
    async with shelf.system() as tx:
        assert [(one.id, one.health.failures) for one in await tx.webhooks.list()] == [(1, 3), (2, 0)]


async def test_an_event_is_one_message_and_a_deleted_endpoint_gets_none(shelf: Shelf) -> None:
    again = message(shelf, 2, event_key="outbox:1")
    await add(shelf, message(shelf, 1), again, message(shelf, 3, endpoint_id=WebhookId(9)))
    async with shelf.own() as tx:
        assert await tx.webhook_messages.list(MessageFilter(), 10, FIRST * 2) == [message(shelf, 1)]
        await tx.webhooks.delete(ONE)
        await tx.webhook_messages.end_pending(ONE, 7)
        kept = await tx.webhook_messages.find(nth(1))
        assert kept is not None
        assert (kept.status, kept.body, kept.settled_us) == (MessageStatus.EXPIRED, None, 7)
        await tx.webhook_messages.add([message(shelf, 4)])
        assert await tx.webhook_messages.find(nth(4)) is None


async def test_due_messages_come_longest_due_first_or_each_device_in_order(shelf: Shelf) -> None:
    device, other = DeviceId(10), DeviceId(11)
    await add(
        shelf,
        message(shelf, 1, device_id=device),
        message(shelf, 2, device_id=device),
        message(shelf, 3, device_id=other),
        message(shelf, 4),
    )
    async with shelf.own() as tx:

        async def due(now_us: int, *, in_order: bool) -> list[WebhookMessageId]:
            return [one.id for one in await tx.webhook_messages.due(ONE, now_us, 10, in_order=in_order)]

        assert await due(99, in_order=False) == [nth(4), nth(3), nth(2), nth(1)]
        assert await due(99, in_order=True) == [nth(4), nth(3), nth(1)]
        assert await due(98, in_order=True) == [nth(4), nth(3)], "the second waits for the first, which is not due"
        assert await tx.webhook_messages.next_due(ONE) == 96
    async with shelf.strange() as tx:
        assert await tx.webhook_messages.due(ONE, 99, 10, in_order=False) == []
        assert await tx.webhook_messages.next_due(ONE) is None


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (MessageFilter(), [3, 2, 1]),
        (MessageFilter(topic="alert.*"), [3, 1]),
        (MessageFilter(topic="alert"), []),
        (MessageFilter(topic="rule.fired"), [2]),
        (MessageFilter(endpoint_id=WebhookId(2)), []),
        (MessageFilter(status=MessageStatus.DELIVERED), [1]),
        (MessageFilter(from_us=DAY + 2 * SECOND_US, to_us=DAY + 3 * SECOND_US), [2]),
    ],
)
async def test_filters_and_replays_by_filter(filters: MessageFilter, numbers: list[int], shelf: Shelf) -> None:
    delivered = message(shelf, 1, status=MessageStatus.DELIVERED, tries=2, attempts=2, settled_us=5)
    await add(shelf, delivered, message(shelf, 2, topic="rule.fired"), message(shelf, 3, topic="alert.cleared"))
    ids = [nth(number) for number in numbers]
    async with shelf.own() as tx:
        assert [one.id for one in await tx.webhook_messages.list(filters, 10, FIRST * 2)] == ids
        assert [one.id for one in await tx.webhook_messages.list(filters, 10, nth(3))] == [one for one in ids if one < nth(3)]
    async with shelf.strange() as tx:
        assert await tx.webhook_messages.list(filters, 10, FIRST * 2) == []
        assert await tx.webhook_messages.replay_all(ONE, filters, 500) == 0
    async with shelf.own() as tx:
        wanted = ids if filters.endpoint_id is None else [nth(number) for number in (3, 2, 1)]
        assert await tx.webhook_messages.replay_all(ONE, filters, 500) == len(wanted)
        replayed = [one for one in await tx.webhook_messages.list(MessageFilter(), 10, FIRST * 2) if one.due_us == 500]
        assert [one.id for one in replayed] == wanted
        assert {(one.status, one.tries, one.settled_us) for one in replayed} <= {(MessageStatus.PENDING, 0, None)}


async def test_attempts_are_kept_with_their_message(shelf: Shelf) -> None:
    await add(shelf, message(shelf, 1))
    settled = msgspec.structs.replace(message(shelf, 1), status=MessageStatus.FAILED, attempts=1, tries=1, last_status=500)

    def attempt(number: int, message_id: WebhookMessageId) -> Attempt:
        return Attempt(
            id=WebhookAttemptId(number),
            message_id=message_id,
            endpoint_id=ONE,
            at_us=number,
            latency_us=1,
            status=500,
            error=None,
            excerpt="no",
        )

    async with shelf.own() as tx:
        for number in (1, 2):
            await tx.webhook_messages.settle([(settled, attempt(number, nth(1)))])
        await tx.webhook_messages.settle([(message(shelf, 9), attempt(3, nth(9)))])
        assert await tx.webhook_messages.find(nth(1)) == settled
        assert [one.id for one in await tx.webhook_messages.attempts(nth(1), 10, 99)] == [2, 1]
        assert list(await tx.webhook_messages.attempts(nth(1), 10, 2)) == [attempt(1, nth(1))]
        assert await tx.webhook_messages.attempts(nth(9), 10, 99) == []
    async with shelf.strange() as tx:
        assert await tx.webhook_messages.attempts(nth(1), 10, 99) == []
        assert await tx.webhook_messages.replay(nth(1), 500) is False


async def test_what_lost_its_payload_is_not_sent_again(shelf: Shelf) -> None:
    delivered = message(shelf, 1, status=MessageStatus.DELIVERED, settled_us=5)
    await add(shelf, delivered, message(shelf, 2), message(shelf, 3))
    border_us = DAY + 3 * SECOND_US
    async with shelf.strange() as tx:
        assert await tx.webhook_messages.drop_bodies(border_us, 700, 10) == 0
    async with shelf.own() as tx:
        assert [await tx.webhook_messages.drop_bodies(border_us, 700, 1) for _ in range(3)] == [1, 1, 0]
        found = await tx.webhook_messages.list(MessageFilter(), 10, FIRST * 2)
        assert [(one.status, one.settled_us, one.body) for one in found] == [
            (MessageStatus.PENDING, None, b"{}"),
            (MessageStatus.EXPIRED, 700, None),
            (MessageStatus.DELIVERED, 5, None),
        ]
        assert [await tx.webhook_messages.replay(nth(number), 800) for number in (2, 3)] == [False, True]
        assert await tx.webhook_messages.drop_before(border_us, 10) == 2
        assert [one.id for one in await tx.webhook_messages.list(MessageFilter(), 10, FIRST * 2)] == [nth(3)]


async def test_readings_wait_once_for_their_batch(shelf: Shelf) -> None:
    await add(shelf)
    rows = [Gathered(endpoint_id=ONE, event_key=f"reading:{n}", body=b"%d" % n, created_us=n) for n in (1, 2, 1, 3)]
    stranger = msgspec.structs.replace(rows[0], endpoint_id=WebhookId(9))
    async with shelf.own() as tx:
        await tx.webhook_messages.gather([*rows, stranger])
        found = await tx.webhook_messages.gathered(ONE, 2)
        assert [one.body for _, one in found] == [b"1", b"2"]
        await tx.webhook_messages.drop_gathered(ONE, found[-1][0])
        assert [one.body for _, one in await tx.webhook_messages.gathered(ONE, 9)] == [b"3"]
    async with shelf.strange() as tx:
        assert await tx.webhook_messages.gathered(ONE, 9) == []
