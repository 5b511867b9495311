"""The process dies between each pair of steps: every event is delivered, and always with the same id."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from penstock.workers.webhook_delivery import WebhookDelivery
from penstock.workers.webhook_sources import WebhookSources
from tests.support.days import HeldClock
from tests.support.patching import replace_in_thread
from tests.support.receivers import Receiver, receiving
from tests.support.webhook_kills import killed
from tests.support.webhooks import HookSite, open_hooks


class Died(BaseException):
    """What nothing in the program catches."""


async def die(*_: Any) -> None:
    raise Died


async def match_one_by_one(site: HookSite) -> None:
    """Queue the outbox's events, and die before they are forgotten."""
    async with site.server.database.system_snapshot() as tx:
        entries = await tx.outbox.next(100)
    for entry in entries:
        await site.hooks.sources.on_events([entry])
    raise Died


async def match_and_die(site: HookSite) -> None:
    await site.match()
    raise Died


async def match_and_deliver(site: HookSite) -> None:
    await site.match()
    await site.deliver()


def ids_by_event(receiver: Receiver) -> dict[str, set[str]]:
    found = defaultdict(set)
    for one in receiver.delivered:
        found[json.dumps(json.loads(one.body)["data"], sort_keys=True)].add(one.headers["webhook-id"])
    return found


async def _first_life(folder: Path, clock: HeldClock, receiver: Receiver, until: Any) -> None:
    async with open_hooks(folder, clock) as site:
        await site.subscribe(receiver.url(), "device.*", "reading.*")
        device_id = await site.add_device()
        await site.report(device_id, 1, 2, 3)
        await until(site)


@pytest.mark.parametrize(
    ("dies_in", "until"),
    [
        ((WebhookSources, "_write"), match_and_deliver),
        (None, match_one_by_one),
        (None, match_and_die),
        ((WebhookDelivery, "_send"), match_and_deliver),
        ((WebhookDelivery, "_write"), match_and_deliver),
    ],
    ids=["matched", "queued, not forgotten", "queued", "not sent", "sent, not written down"],
)
async def test_each_event_is_delivered_with_one_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_in: tuple[type, str] | None, until: Any
) -> None:
    clock = HeldClock()
    async with receiving() as receiver:
        with monkeypatch.context() as broken:
            if dies_in is not None:
                replace_in_thread(broken, *dies_in, die)
            with pytest.raises(Died):
                await _first_life(tmp_path, clock, receiver, until)
        clock.us += 1_000_000
        async with open_hooks(tmp_path, clock) as site:
            await match_and_deliver(site)
        found = ids_by_event(receiver)
        assert len(found) == 4
        assert all(len(ids) == 1 for ids in found.values())
        assert len({one for ids in found.values() for one in ids}) == 4


@pytest.mark.prove
def test_a_killed_server_delivers_all_that_it_acknowledged(tmp_path: Path) -> None:
    told = killed(tmp_path, kills=2)
    assert told.lost == set()
    assert told.renamed == {}
