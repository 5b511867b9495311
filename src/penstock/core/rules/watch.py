"""The variables of rules triggered by readings: the device and its cached values. Used by the worker and rehearsals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from penstock.core.database import OrganizationDatabase
from penstock.core.expressions.variables import cut, moment
from penstock.core.rules.contexts import EvaluationContext, device_part, reading_part
from penstock.core.rules.engine import Armed, concerns_device, concerns_reading, concerns_sensors
from penstock.core.rules.store import RuleTransaction
from penstock.core.rules.windows import MAX_VALUES, WindowCache
from penstock.core.telemetry.chains import chain_of
from penstock.core.telemetry.fields import flatten
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.store import ReadingStore
from penstock.kit.clock import MINUTE_US
from penstock.kit.ids import DeviceId, OrgId, Prefix, Seq, encode

LATEST_OF = 50
"""The number of a device's readings that are searched for its last values if none are cached."""
MAX_DEVICES = 50_000


class DeviceFacts:
    """The variable `device` of the devices that rules used recently."""

    def __init__(self, database: OrganizationDatabase[RuleTransaction]) -> None:
        self._database = database
        self._known: dict[DeviceId, dict[str, Any] | None] = {}

    async def load(self, org_id: OrgId, device_ids: Iterable[DeviceId]) -> None:
        """Load the devices that are not cached."""
        requested = set(device_ids)
        missing = requested - self._known.keys()
        if not missing:
            return
        if len(self._known) >= MAX_DEVICES:
            self._known.clear()
            missing = requested
        async with self._database.snapshot(org_id) as tx:
            for device_id in missing:
                device = await tx.devices.find(device_id)
                self._known[device_id] = device_part(device) if device else None

    def find(self, device_id: DeviceId) -> dict[str, Any] | None:
        """A loaded device; None if it does not exist."""
        return self._known.get(device_id)

    def has(self, device_id: DeviceId) -> bool:
        """Whether the device was loaded, even if it does not exist."""
        return device_id in self._known

    def forget(self, device_id: DeviceId) -> None:
        """Remove a changed device from the cache."""
        self._known.pop(device_id, None)


class Watch:
    """Creates the contexts of the rules that a reading concerns. Readings must arrive in the order of the log."""

    def __init__(self, store: ReadingStore, facts: DeviceFacts, rules: Sequence[Armed]) -> None:
        self._store = store
        self._facts = facts
        self._all = [(one, _part_of_rule(one)) for one in rules]
        self._of_any = [pair for pair in self._all if not pair[0].compiled.device_ids]
        self._of_device: dict[DeviceId, list[tuple[Armed, dict[str, Any]]]] = {}
        for pair in self._all:
            for device_id in pair[0].compiled.device_ids:
                # A copy, because each device's list grows by its own rules.
                self._of_device.setdefault(device_id, list(self._of_any)).append(pair)
        self._cache = WindowCache()
        self._windows = window_lengths(rules)
        self._uses_latest = any("latest" in one.compiled.names for one in rules)
        used = {name.name for one in rules if one.compiled.condition for name in one.compiled.condition.used}
        self._values_alone = not any(name.startswith("reading.") for name in used - {"reading.values"})
        self._remembers = bool(self._windows) or self._uses_latest

    async def prepare(self, readings: Sequence[Reading]) -> None:
        """Load the data that `contexts` needs for these readings, all of one organisation."""
        if all(self._knows(one.device_id) for one in readings):
            return
        requested = [one for one in readings if any(concerns_reading(rule, one) for rule, _ in self._about(one))]
        if not requested:
            return
        await self._facts.load(requested[0].org_id, {one.device_id for one in requested})
        # A device is loaded up to the first of these readings, whether or not a rule concerns it: `contexts` adds each of them.
        first = {one.device_id: one for one in reversed(readings)}
        for _ in range(2):  # the second pass reloads devices that the first pass evicted when the cache was full
            for device_id in dict.fromkeys(one.device_id for one in requested):
                if self._remembers and not self._cache.has(device_id):
                    before = await history_before(self._store, first[device_id], self._windows)
                    self._cache.load(device_id, before, self._windows)

    async def remembered(self, at: Reading) -> dict[str, Any]:
        """Last values and windows of a device at a point in time that has no reading."""
        before = await history_before(self._store, at, self._windows)
        self._cache.load(at.device_id, before, self._windows)
        windows = self._all[0][0].compiled.definition.windows
        return {
            "latest": cut(self._cache.latest(at.device_id)),
            "window": self._cache.window(at.device_id, windows, at.time_us),
        }

    def contexts(self, reading: Reading, now_us: int) -> list[tuple[Armed, EvaluationContext]]:
        """The rules that a reading concerns, each with its context."""
        device_id = reading.device_id
        remembered = self._remembers and self._cache.has(device_id)
        rules = [pair for pair in self._about(reading) if concerns_reading(pair[0], reading)]
        if not remembered and not rules:
            return []
        values = msgspec.json.decode(reading.payload)
        device = self._facts.find(device_id)
        flat = flatten(values)
        # Even if no rule concerns this reading: later windows contain its values.
        if remembered:
            self._cache.add(device_id, reading.time_us, flat, self._windows)
        if device is None:
            return []
        kept = cut(values)
        part = {"values": kept} if self._values_alone else reading_part(reading, kept)
        parts: dict[str, Any] = {"reading": part, "device": device, "now": moment(now_us)}
        if remembered:
            parts["latest"] = cut(self._cache.latest(device_id)) if self._uses_latest else {}
        found = []
        for one, about in rules:
            if concerns_sensors(one, flat.keys()) and concerns_device(one, device_id, device):
                windows = one.compiled.definition.windows
                more = {"window": self._cache.window(device_id, windows, reading.time_us)} if windows else {}
                context = EvaluationContext(
                    org_id=reading.org_id,
                    cause=f"reading:{reading.seq}",
                    device_id=device_id,
                    at_us=reading.time_us,
                    arrived_us=reading.received_us,
                    parts=parts | more | {"rule": about},
                    reading=reading if self._values_alone else None,
                    chain=chain_of(reading),
                )
                found.append((one, context))
        return found

    def _knows(self, device_id: DeviceId) -> bool:
        return self._facts.has(device_id) and (not self._remembers or self._cache.has(device_id))

    def _about(self, reading: Reading) -> list[tuple[Armed, dict[str, Any]]]:
        """The rules for a reading's device, including those for every device."""
        return self._of_device.get(reading.device_id, self._of_any)


async def remembered_at(
    store: ReadingStore, facts: DeviceFacts, one: Armed, device_id: DeviceId | None, at_us: int, last_seq: Seq
) -> dict[str, Any]:
    """Last values and windows of a device at a point in time that has no reading, if the rule uses them."""
    if device_id is None or not {"latest", "window"} & one.compiled.names:
        return {}
    # A number above every stored one, because `history_before` returns only earlier readings.
    at = Reading(one.rule.org_id, device_id, at_us, at_us, b"{}", seq=Seq(last_seq + 1))
    return await Watch(store, facts, [one]).remembered(at)


def window_lengths(rules: Iterable[Armed]) -> dict[str, int]:
    """The sensors that the rules use in windows, with the longest window in microseconds."""
    found: dict[str, int] = {}
    for one in rules:
        for window in one.compiled.definition.windows:
            found[window.sensor] = max(found.get(window.sensor, 0), window.minutes * MINUTE_US)
    return found


async def history_before(store: ReadingStore, reading: Reading, windows: dict[str, int]) -> list[Reading]:
    """The readings of a device before this one, as far back as last values and windows need."""
    longest_us = max(windows.values(), default=0)
    late = HistoryQuery(
        device_id=reading.device_id, range=TimeRange(from_us=0, to_us=reading.time_us + 1), limit=LATEST_OF, descending=True
    )
    found = {one.seq: one for one in await store.history(reading.org_id, late)}
    if longest_us:
        span = TimeRange(from_us=max(reading.time_us - longest_us, 0), to_us=reading.time_us + 1)
        query = HistoryQuery(device_id=reading.device_id, range=span, limit=MAX_VALUES, descending=True)
        found |= {one.seq: one for one in await store.history(reading.org_id, query)}
    return [one for one in found.values() if one.seq < reading.seq]


def _part_of_rule(one: Armed) -> dict[str, Any]:
    return {"id": encode(Prefix.RULE, one.rule.id), "name": one.rule.name, "version": one.version.number}
