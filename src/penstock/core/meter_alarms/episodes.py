"""Compares what readings show with the alarms that are known, so that each condition is one alarm. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from penstock.core.meter_alarms.models import OLD_US, Alarm, EndReason, Episode
from penstock.kit.clock import DAY_US


class Changes(msgspec.Struct, kw_only=True):
    """What follows: alarms to open, those that an event reports from the beginning, and changed ones.

    `old` ended too long ago to be reported: they are only listed.
    """

    opened: list[Episode] = msgspec.field(default_factory=list)
    old: list[Episode] = msgspec.field(default_factory=list)
    updated: list[Alarm] = msgspec.field(default_factory=list)
    closed: list[Alarm] = msgspec.field(default_factory=list)


def compare(known: Sequence[Alarm], shown: Iterable[Episode], evaluated_us: int, now_us: int) -> Changes:
    """Compare the alarms of one kind and register with the episodes in the readings since `evaluated_us`."""
    changes, current, seen = Changes(), list(known), set()
    for episode in shown:
        if _came_late(episode) and any(_is_near(one, episode) for one in current):
            continue
        at = next((at for at, one in enumerate(current) if _touch(one, episode)), None)
        if at is None:
            _add(changes, episode, now_us)
            continue
        alarm = current[at]
        seen.add(alarm.id)
        if alarm.until_us is None:
            current[at] = _continue(changes, alarm, episode, now_us)
        elif episode.until_us is None:
            # It was over, and is not: what follows is another alarm.
            _add(changes, msgspec.structs.replace(episode, since_us=max(alarm.until_us, episode.since_us)), now_us)
    for alarm in current:
        if alarm.until_us is None and alarm.id not in seen and alarm.since_us >= evaluated_us:
            # All of it was read again, with late readings in between, and no longer shows it.
            changes.closed.append(ended(alarm, alarm.last_us, EndReason.CONDITION, now_us))
    return changes


def ended(alarm: Alarm, until_us: int, reason: EndReason, now_us: int) -> Alarm:
    """The alarm after its end."""
    return msgspec.structs.replace(alarm, until_us=max(until_us, alarm.since_us), end_reason=reason, closed_us=now_us)


def _touch(alarm: Alarm, episode: Episode) -> bool:
    begins_before = alarm.until_us is None or episode.since_us < alarm.until_us or episode.since_us == alarm.since_us
    return begins_before and (episode.until_us is None or alarm.since_us <= episode.until_us)


def _came_late(episode: Episode) -> bool:
    """Whether no reading shows the end: what single readings said that came late (`signal_episodes`)."""
    return episode.until_us == episode.last_us


def _is_near(alarm: Alarm, episode: Episode) -> bool:
    """Whether a known alarm is so near that it is the same condition, of which a meter sends the readings one by one."""
    ended_us = episode.last_us if alarm.until_us is None else alarm.until_us
    return alarm.since_us - DAY_US <= episode.last_us and episode.since_us <= ended_us + DAY_US


def _add(changes: Changes, episode: Episode, now_us: int) -> None:
    is_old = episode.until_us is not None and episode.until_us < now_us - OLD_US
    (changes.old if is_old else changes.opened).append(episode)


def _continue(changes: Changes, alarm: Alarm, episode: Episode, now_us: int) -> Alarm:
    merged = msgspec.structs.replace(
        alarm,
        since_us=min(alarm.since_us, episode.since_us),
        last_us=max(alarm.last_us, episode.last_us),
        value=episode.value if episode.value is not None else alarm.value,
        threshold=episode.threshold,
        unit=episode.unit,
    )
    if episode.until_us is not None:
        merged = ended(merged, episode.until_us, EndReason.CONDITION, now_us)
        changes.closed.append(merged)
    elif merged != alarm:
        changes.updated.append(merged)
    return merged
