"""Builds the workers of a server: one supervisor for the loops of all nouns, one outbox for their followers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from penstock.bootstrap.part import Loop, Part
from penstock.bootstrap.services import Services
from penstock.bootstrap.telemetry import Telemetry
from penstock.core.outbox import OutboxEntry
from penstock.workers.backlog import BacklogWorker
from penstock.workers.observer import Observer
from penstock.workers.outbox import Follower, OutboxWorker
from penstock.workers.retention import RetentionWorker
from penstock.workers.supervisor import Supervisor


class Workers(msgspec.Struct, kw_only=True):
    """The supervisor of all workers, and those that are also called directly."""

    observer: Observer
    outbox: OutboxWorker
    retention: RetentionWorker
    supervisor: Supervisor


def build_workers(services: Services, nouns: Sequence[Part], telemetry: Telemetry) -> Workers:
    """Build the workers. They are not running yet."""
    outbox = OutboxWorker(
        services.database,
        _by_topic(noun.followers for noun in nouns),
        watchers=tuple(watcher for noun in nouns for watcher in noun.watchers),
        background=_by_topic(noun.background for noun in nouns),
        gatherers=tuple(gatherer for noun in nouns for gatherer in noun.gatherers),
        apart=frozenset(topic for noun in nouns for topic in noun.apart),
    )
    backlog = BacklogWorker(services.database, services.followers, services.clock)
    loops: dict[str, Loop] = {
        "outbox": outbox.run,
        "outbox_background": outbox.run_background,
        "outbox_apart": outbox.run_apart,
        "backlog": backlog.run,
    }
    loops |= {name: loop for noun in nouns for name, loop in noun.loops.items()}
    supervisor = Supervisor(loops, {name: services.followers.add(name, loop) for name, loop in loops.items()})
    return Workers(observer=telemetry.observer, outbox=outbox, retention=telemetry.retention, supervisor=supervisor)


def _by_topic(nouns: Iterable[dict[str, Follower]]) -> dict[str, Follower]:
    by_topic: dict[str, list[Follower]] = defaultdict(list)
    for noun in nouns:
        for topic, follower in noun.items():
            by_topic[topic].append(follower)
    return {topic: _in_turn(followers) for topic, followers in by_topic.items()}


def _in_turn(followers: Sequence[Follower]) -> Follower:
    async def follow(entry: OutboxEntry) -> None:
        # In order, and again from the first one if any fails: the event stays in the outbox, and followers are idempotent.
        for follower in followers:
            await follower(entry)

    return follow
