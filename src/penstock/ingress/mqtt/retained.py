"""Sends the retained messages of a new subscription: last values to programs, the last command to a device.

No separate copy is stored: values are looked up in the readings, commands among the executions. A value that is sent live
during the look-up takes precedence over the stored one, and one that the log has not announced yet is left to be sent live.
A command is retained only if it is repeatable: the device has already received it, and a new subscription must not execute it
a second time. Source: MQTT 5.0, 3.3.1.3 and 3.8.3.1.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.messages import compact_message
from penstock.core.commands.models import Execution, State
from penstock.core.devices.models import DeviceFilter, DeviceRef
from penstock.core.devices.service import DeviceService
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.ingress.mqtt.config import MqttConfig
from penstock.ingress.mqtt.downlink import Downlink
from penstock.ingress.mqtt.live import MAX_WAITING_BYTES, Listener, LiveFeed, topic_of
from penstock.ingress.mqtt.topics import matches
from penstock.kit.clock import MAX_US, MIN_US
from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DeviceId, Prefix, Seq, decode, encode

MAX_DEVICES = 1_000
"""The maximum number of devices whose values one subscription receives, the newest first."""
MAX_READINGS_SEARCHED = 50
"""Readings of a device that are searched for the last one of each topic."""
_PAGE = 100
_DRAIN_S = 0.05
_EVER = TimeRange(from_us=MIN_US, to_us=MAX_US)
_HAS_IT = (State.RECEIVED, State.DONE)


class LastCommands(Protocol):
    """The part of the command queue that is used here."""

    async def find_last_dispatched(self, device: Actor) -> Execution | None:
        """The newest command that was dispatched to a device and can be delivered over MQTT."""


class Retained:
    """Looks up retained messages, and sends those that are requested."""

    def __init__(
        self,
        config: MqttConfig,
        telemetry: TelemetryService,
        devices: DeviceService,
        commands: LastCommands,
        last_announced: Callable[[], Seq],
    ) -> None:
        """`last_announced`: the highest sequence number that the log has announced to its listeners."""
        self._retains_values = config.retained in ("last_value", "both")
        self._retains_commands = config.retained in ("last_command", "both")
        self._telemetry = telemetry
        self._devices = devices
        self._commands = commands
        self._last_announced = last_announced

    async def send_last_values(self, listener: Listener, feed: LiveFeed, filters: Sequence[str]) -> None:
        """Send the last values of filters that a program has just subscribed to, one filter at a time."""
        if not self._retains_values or not filters:
            return
        waiting = feed.unretained
        in_progress = bool(waiting)
        waiting += [one for one in filters if one not in waiting]
        # Another task of the same feed is running, and will handle these.
        if in_progress:
            return
        while waiting and not listener.ended:
            try:
                await self._send_filter(listener, feed, waiting[0])
                conditions().over("mqtt_not_retained")
            except PenstockError as error:
                conditions().failing("mqtt_not_retained", error)
            waiting.pop(0)
        feed.sent_meanwhile.clear()

    async def _send_filter(self, listener: Listener, feed: LiveFeed, topic_filter: str) -> None:
        async for values in self._values(feed.actor, topic_filter):
            while listener.waiting_bytes > MAX_WAITING_BYTES // 2 and not listener.ended:  # noqa: ASYNC110  (sockets have no such notification)
                await asyncio.sleep(_DRAIN_S)
            if listener.ended:
                return
            for topic, reading in values.items():
                feed.retain(topic_filter, topic, reading)
            listener.send()

    async def _values(self, actor: Actor, topic_filter: str) -> AsyncIterator[dict[str, Reading]]:
        """The last reading of each topic that matches a filter, device by device."""
        async for device_id in self._devices_of(actor, topic_filter):
            try:
                query = HistoryQuery(device_id=device_id, range=_EVER, limit=MAX_READINGS_SEARCHED)
                found, _ = await self._telemetry.history(actor, query)
            except PenstockError:
                continue  # deleted in the meantime, or it never existed
            values: dict[str, Reading] = {}
            announced = self._last_announced()
            for reading in found:
                if reading.seq > announced:
                    continue
                topic = topic_of(reading)
                if topic is not None and matches(topic_filter, topic):
                    values.setdefault(topic, reading)
            yield values

    async def _devices_of(self, actor: Actor, topic_filter: str) -> AsyncIterator[DeviceId]:
        level = topic_filter.split("/")[1]
        if level not in ("+", "#"):
            device_id = decode(Prefix.DEVICE, level)
            if device_id is not None:
                yield device_id
            return
        cursor, count = None, 0
        while count < MAX_DEVICES:
            page = await self._devices.list(actor, DeviceFilter(), _PAGE, cursor)
            for device in page.items:
                yield device.id
            count, cursor = count + len(page.items), page.next_cursor
            if cursor is None:
                return

    async def send_last_command(self, listener: Listener, downlink: Downlink, device: DeviceRef) -> None:
        """Send a device its last command, if it is repeatable and none has been sent in the meantime."""
        if not self._retains_commands:
            return
        before = downlink.delivered
        try:
            found = await self._commands.find_last_dispatched(Actor(org_id=device.org_id, kind=ActorKind.DEVICE, id=device.id))
        except PenstockError as error:
            conditions().failing("mqtt_not_retained", error)
            return
        if found is None or not found.repeatable or found.state not in _HAS_IT:
            return
        if not listener.ended and downlink.delivered == before:
            command_id = encode(Prefix.EXECUTION, found.id)
            downlink.retain(compact_message(found, command_id), command_id)
            listener.send()
