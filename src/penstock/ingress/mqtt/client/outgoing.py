"""Published messages that wait for the broker's acknowledgement.

A message is sent once. If the connection ends before the broker confirms it, its outcome is unknown. It is not sent again here,
contrary to MQTT's rule, because only the caller can decide whether it is safe to send it twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from penstock.core.connections.publishing import Publication
from penstock.core.downlinks.ports import Accepted, NoSubscriber, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.ingress.mqtt.client.session import ClientSession, Opened
from penstock.ingress.mqtt.protocol.packets import Publish, Reason
from penstock.kit.clock import SECOND_US, Clock

CONFIRM_S = 5.0
"""How long a broker may take to confirm a message."""
ROOM_S = 1.0
"""How long a message waits until the broker's limit of unconfirmed messages allows it."""
MAX_AT_ONCE = 32
"""Unconfirmed messages at a time; brokers may allow fewer."""
MAX_ECHOES = 100
_HEAD_BYTES = 16
"""The maximum size of a packet without its topic and payload."""
_NEVER = frozenset({Reason.NOT_AUTHORIZED, Reason.TOPIC_NAME_INVALID, Reason.PAYLOAD_FORMAT_INVALID, Reason.PACKET_TOO_LARGE})
_AWAY = NotAccepted("the broker is not connected")


class Outgoing:
    """The messages published by a link, over all its connections."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[int, asyncio.Future[Outcome]] = {}
        self._allowed: Opened | None = None
        self._echoes: list[tuple[str, bytes]] = []
        self._room = asyncio.Semaphore(1)

    def opened(self, allowed: Opened) -> None:
        """A connection was established; `allowed` has the broker's limits."""
        self._allowed = allowed
        self._room = asyncio.Semaphore(min(MAX_AT_ONCE, allowed.receive_maximum))

    def confirmed(self, packet_id: int, code: int) -> None:
        """The broker's acknowledgement arrived."""
        future = self._waiting.pop(packet_id, None)
        if future is not None and not future.done():
            future.set_result(_outcome(code))

    def ended(self) -> None:
        """The connection ended: report an unknown outcome to all waiting callers."""
        self._allowed = None
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_result(Unconfirmed("the connection to the broker ended before it confirmed the message"))

    def is_echo(self, publish: Publish) -> bool:
        """Whether a received message is one that was published here and came back, which happens once."""
        echo = publish.topic, publish.payload
        if echo not in self._echoes:
            return False
        self._echoes.remove(echo)
        return True

    async def publish(
        self, session: ClientSession, write: Callable[[], None], message: Publication, *, returns: bool = False
    ) -> Outcome:
        """Send a message and wait for the broker's acknowledgement. `returns`: the broker also sends it back to Penstock."""
        room, allowed = self._room, self._allowed
        if allowed is None:
            return _AWAY
        refusal = _refusal(allowed, message)
        if refusal is not None:
            return refusal
        try:
            async with asyncio.timeout(ROOM_S):
                await room.acquire()
        except TimeoutError:
            return NotAccepted("the broker confirms messages too slowly")
        try:
            # Another connection replaced this one while the message waited: this connection's limits may not apply to it.
            if self._allowed is not allowed:
                return _AWAY
            if returns:
                # 3.1.1 has no No Local (MQTT 5, 3.8.3.1), so a message published to a subscribed topic comes back.
                self._echoes = [*self._echoes[-MAX_ECHOES:], (message.topic, message.payload)]
            return await self._send(session, write, message)
        finally:
            room.release()

    async def _send(self, session: ClientSession, write: Callable[[], None], message: Publication) -> Outcome:
        left_s = max((message.expires_us - self._clock.now_us()) // SECOND_US, 1)
        number = session.publish(message.topic, message.payload, min(left_s, 0xFFFF_FFFF))
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        write()
        try:
            async with asyncio.timeout(CONFIRM_S):
                return await future
        except TimeoutError:
            return Unconfirmed("the broker did not confirm the message in time")
        finally:
            self._waiting.pop(number, None)


def _refusal(allowed: Opened, message: Publication) -> Outcome | None:
    if not allowed.maximum_qos:
        return Refused("the broker does not support confirmed messages (QoS 1)")
    size = len(message.topic.encode()) + len(message.payload) + _HEAD_BYTES
    if allowed.maximum_bytes and size > allowed.maximum_bytes:
        return Refused(f"the broker accepts messages of at most {allowed.maximum_bytes} bytes")
    return None


def _outcome(code: int) -> Outcome:
    """Source: MQTT 5.0, table 3-4. 3.1.1 has no codes, and confirms even messages that it drops."""
    if code == Reason.NO_MATCHING_SUBSCRIBERS:
        return NoSubscriber("no client is subscribed to the topic at the broker")
    if code < Reason.UNSPECIFIED:
        return Accepted()
    if code in _NEVER:
        return Refused(f"the broker rejected the message (code {code})")
    return NotAccepted(f"the broker does not accept the message now (code {code})")
