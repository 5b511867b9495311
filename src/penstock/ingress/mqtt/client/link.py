"""One connection to a broker: connects, serves and reconnects.

Theory of operation. Three tasks serve an open connection. One reads, and stops while the limit of waiting messages or bytes is
reached (`waiting.py`); TCP, and in MQTT 5 the receive maximum, then slow the broker down. One takes the waiting messages as a
batch, has it stored, and acknowledges it. One sends PINGREQ and detects a silent broker. The first task to end closes the
connection. Received messages are stored before the next attempt, so that `ClientSessionState` recognises them if the broker
repeats them.

A lost connection is opened again, after longer and longer waits; a jitter spreads the links that were lost together.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable

import msgspec
import structlog

from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.links import ConnectionLinks, LinkState
from penstock.core.connections.models import ConnectionRef
from penstock.core.connections.publishing import Publication
from penstock.core.connections.settings import MqttSettings
from penstock.core.downlinks.ports import NotAccepted, Outcome
from penstock.core.outbound.errors import CallFailed, TargetRefused
from penstock.ingress.mqtt.client.config import MqttClientConfig
from penstock.ingress.mqtt.client.framing import Oversized
from penstock.ingress.mqtt.client.intake import CannotStore, MessageIntake
from penstock.ingress.mqtt.client.memory import ClientSessionState
from penstock.ingress.mqtt.client.outgoing import Outgoing
from penstock.ingress.mqtt.client.ports import Streams, TlsRequest
from penstock.ingress.mqtt.client.session import (
    ClientSession,
    Closed,
    Confirmed,
    Event,
    Identity,
    Opened,
    Subscribed,
)
from penstock.ingress.mqtt.client.translate import Subscriptions
from penstock.ingress.mqtt.client.waiting import Waiting
from penstock.ingress.mqtt.protocol.packets import V5, V311, Publish, Subscription
from penstock.kit.backoff import Doubling, jittered
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import ConnectionId, Prefix, encode

READ_BYTES = 65_536
HELD_S = 1.0
"""How long a message to publish waits while a link is held."""
STEADY_S = 10.0
"""A connection that lasted this long resets the count of attempts."""
LAST_WORDS_S = 2.0
"""How long a broker may take to receive the last packets."""
_SHARED = "$share/"
"""The prefix of shared subscriptions, which must not set No Local. Source: MQTT 5.0, 3.8.3.1."""
_NEW_SUBSCRIPTIONS = 1
"""Retain handling: the broker sends retained messages only for a new subscription. Source: MQTT 5.0, 3.8.3.1."""
_log = structlog.get_logger()


class Lost(Exception):
    """The connection was lost; the text is the reason, suitable for users."""


class LinkParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that all links share."""

    config: MqttClientConfig
    streams: Streams
    intake: MessageIntake
    links: ConnectionLinks
    activity: ConnectionActivity
    clock: Clock
    chance: Callable[[], float]
    on_connected: Callable[[ConnectionId], None] = lambda _: None
    """Called with a connection's id when messages can be published through it."""


def wait_us(attempt: int, config: MqttClientConfig, chance: Callable[[], float]) -> int:
    """How long to wait after this many failed attempts in a row: between half and all of 1, 2, 4, 8 … seconds."""
    first_us, longest_us = round(config.reconnect_min_s * SECOND_US), round(config.reconnect_max_s * SECOND_US)
    return jittered(Doubling(first_us=first_us, longest_us=longest_us).pause_us(attempt), 0.5, 1.0, chance)


def _reason_of(error: Lost | CallFailed | TargetRefused) -> str:
    if isinstance(error, TargetRefused):
        return f"{error.facts['reason']}; the operator can allow it with outbound.allowed_targets"
    return str(error.facts["reason"]) if isinstance(error, CallFailed) else str(error)


def identity_of(connection_id: ConnectionId, settings: MqttSettings) -> Identity:
    """The client's identity at a broker. If no client id is set, it is the connection's id, which is unique."""
    return Identity(
        version=V5 if settings.protocol == "5" else V311,
        client_id=settings.client_id or f"penstock-{encode(Prefix.CONNECTION, connection_id)}",
        keep_alive_s=settings.keep_alive_s,
        session_expiry_s=settings.session_expiry_s,
        user=settings.username,
        password=settings.password.encode() if settings.password is not None else None,
    )


class BrokerLink:
    """Keeps one connection of type mqtt. `memory` and `filters` are from an earlier link of the connection."""

    def __init__(
        self, parts: LinkParts, connection: ConnectionRef, settings: MqttSettings, memory: ClientSessionState, filters: set[str]
    ) -> None:
        self.connection = connection
        self.settings = settings
        self.memory = memory
        self.filters = filters
        """Filters for which the broker may still have subscriptions."""
        self._parts = parts
        self._subscriptions = Subscriptions(settings.subscriptions)
        self._stop = asyncio.Event()
        self._allowed = asyncio.Event()
        self._allowed.set()
        self._ends = False
        self._forget = False
        self._session: ClientSession | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._opened_at: float | None = None
        self._ready = asyncio.Event()
        self._requested: list[str] = []
        self._received_at = 0.0
        self._keep_alive_s = settings.keep_alive_s
        self._skips_retained = False
        self._outgoing = Outgoing(parts.clock)

    @property
    def is_connected(self) -> bool:
        """Whether messages can be published now."""
        return self._session is not None and self._ready.is_set() and not self._stop.is_set()

    async def publish(self, message: Publication) -> Outcome:
        """Publish a message once, with QoS 1. Returns the broker's outcome."""
        with contextlib.suppress(TimeoutError):  # while a change of the connection is being loaded
            await asyncio.wait_for(self._allowed.wait(), HELD_S)
        session = self._session
        if session is None or not self.is_connected or not self._allowed.is_set():
            return NotAccepted("the broker is not connected")
        returns = session.version == V311 and self._subscriptions.matches_topic(message.topic)
        return await self._outgoing.publish(session, self._write, message, returns=returns)

    def hold(self) -> None:
        """Store nothing until `release` or `end`: the connection has changed, and the change is being loaded."""
        self._allowed.clear()

    def release(self) -> None:
        """Resume after `hold`."""
        self._allowed.set()

    def end(self, *, forget: bool = False) -> None:
        """Finish the current batch and end. Waiting messages remain with the broker; with `forget` it can drop the session."""
        self._ends, self._forget = True, forget
        self.stop()

    def stop(self) -> None:
        """Store all received messages, and end."""
        self._allowed.set()
        self._stop.set()

    async def run(self) -> None:
        """Connect, and keep reconnecting until stopped."""
        loop, links, attempt = asyncio.get_running_loop(), self._parts.links, 0
        while not self._stop.is_set():
            links.note(self.connection.id, LinkState.CONNECTING)
            self._opened_at = None
            try:
                await self._connect()
            except (Lost, CallFailed, TargetRefused) as error:
                reason = _reason_of(error)
                steady = self._opened_at is not None and loop.time() - self._opened_at > STEADY_S
                attempt = 1 if steady else attempt + 1
                pause_us = wait_us(attempt, self._parts.config, self._parts.chance)
                self._parts.activity.record_error(self.connection, reason)
                retry_us = self._parts.clock.now_us() + pause_us
                links.note(self.connection.id, LinkState.WAITING, reason, retry_us)
                _log.info("broker_lost", connection=encode(Prefix.CONNECTION, self.connection.id), reason=reason)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), pause_us / SECOND_US)

    async def _connect(self) -> None:
        config, settings = self._parts.config, self.settings
        tls = TlsRequest(ca_pem=settings.ca_certificate, certificate_pem=settings.client_certificate, key_pem=settings.client_key)
        port = settings.port or (8883 if settings.tls else 1883)
        opening = asyncio.create_task(self._parts.streams.open(settings.host, port, tls if settings.tls else None))
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({opening, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not opening.done():
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            return
        reader, self._writer = opening.result()
        self._session = ClientSession(
            identity_of(self.connection.id, settings),
            self.memory,
            max_packet_bytes=config.max_packet_bytes,
            max_inflight=config.max_inflight,
        )
        try:
            await self._serve(reader, self._session)
        finally:
            self._end()

    async def _serve(self, reader: asyncio.StreamReader, session: ClientSession) -> None:
        waiting = Waiting(self._parts.config.max_inflight, self._parts.config.max_waiting_bytes)
        self._ready.clear()
        session.begin()
        self._write()
        runs = (self._store(session, waiting), self._read(reader, session, waiting), self._beat(session, waiting))
        tasks = [asyncio.create_task(run) for run in runs]
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            # All tasks except the first, which stores.
            for task in (*tasks[1:], stopped):
                task.cancel()
            # The received messages are stored completely, connected or not, so that repetitions are recognised. A connection
            # that was paused, changed or deleted stores only its current batch.
            waiting.end()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        if self._forget and session.version == V311 and self.filters:
            session.unsubscribe(sorted(self.filters))
        session.disconnect(forget=self._forget)
        self._write()

    def _end(self) -> None:
        """Close the socket; written data is still sent."""
        self._session = None
        self._ready.clear()
        self._outgoing.ended()
        if self._writer is not None:
            self._writer.close()
            asyncio.get_running_loop().call_later(LAST_WORDS_S, self._writer.transport.abort)
            self._writer = None

    # The three tasks of an open connection.

    async def _read(self, reader: asyncio.StreamReader, session: ClientSession, waiting: Waiting) -> None:
        loop = asyncio.get_running_loop()
        self._received_at = loop.time()
        while True:
            if waiting.full:
                await waiting.room()
                self._received_at = loop.time()  # while reading was paused, the broker was not silent
            try:
                data = await reader.read(READ_BYTES)
            except ssl.SSLError as error:
                raise Lost("the broker ended the TLS connection; it may reject the client certificate or require one") from error
            except OSError as error:
                raise Lost("the connection was interrupted") from error
            if not data:
                raise Lost("the broker closed the connection")
            self._received_at = loop.time()
            for event in session.receive(data):
                self._happened(event, session, waiting)
            self._write()

    async def _store(self, session: ClientSession, waiting: Waiting) -> None:
        while batch := await waiting.take():
            await self._allowed.wait()
            if self._ends:
                return
            publishes = [message.publish if isinstance(message, Oversized) else message for message in batch]
            checked = [(message, self.memory.freshness(one)) for message, one in zip(batch, publishes, strict=True)]
            try:
                held_s = await self._parts.intake.take(self.connection, self._subscriptions, checked)
            except CannotStore as error:
                self._acknowledge(session, publishes[: error.taken])
                raise Lost(str(error)) from error
            self._acknowledge(session, publishes)
            if held_s:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(waiting.ended.wait(), held_s)

    async def _beat(self, session: ClientSession, waiting: Waiting) -> None:
        try:
            await asyncio.wait_for(self._ready.wait(), self._parts.config.connect_timeout_s)
        except TimeoutError:
            raise Lost("the broker did not respond in time") from None
        while True:
            silent_s = asyncio.get_running_loop().time() - self._received_at
            if silent_s > 1.5 * self._keep_alive_s and not waiting.full:
                raise Lost("the broker was silent for too long")
            session.ping()
            self._write()
            await asyncio.sleep(self._keep_alive_s / 2)

    # Events of the protocol.

    def _happened(self, event: Event, session: ClientSession, waiting: Waiting) -> None:
        if isinstance(event, Publish | Oversized):
            publish = event.publish if isinstance(event, Oversized) else event
            if (publish.retain and self._skips_retained) or self._outgoing.is_echo(publish):
                session.acknowledge(publish)
            else:
                waiting.add(event)
        elif isinstance(event, Opened):
            self._opened(event, session)
        elif isinstance(event, Subscribed):
            self._subscribed(event)
        elif isinstance(event, Confirmed):
            self._outgoing.confirmed(event.packet_id, event.code)
        elif isinstance(event, Closed):
            raise Lost(event.reason)

    def _opened(self, event: Opened, session: ClientSession) -> None:
        self._keep_alive_s = event.keep_alive_s or self.settings.keep_alive_s
        self._outgoing.opened(event)
        # 3.1.1 sends retained messages for every SUBSCRIBE. In a resumed session they are old: the session has kept the new ones.
        self._skips_retained = event.session_present and session.version == V311
        subscriptions = self._subscriptions.filters
        left = sorted(self.filters - subscriptions.keys())
        if left and event.session_present:
            session.unsubscribe(left)
        self._requested = list(subscriptions)
        self.filters = set(subscriptions)
        session.subscribe(
            [
                Subscription(name, qos, no_local=not name.startswith(_SHARED), retain_handling=_NEW_SUBSCRIPTIONS)
                for name, qos in subscriptions.items()
            ],
        )

    def _subscribed(self, event: Subscribed) -> None:
        refused = [name for name, code in zip(self._requested, event.codes, strict=False) if code >= 0x80]
        if refused and len(refused) == len(self._requested):
            raise Lost(f"the broker rejected the subscription to {', '.join(refused)}")
        self._opened_at = asyncio.get_running_loop().time()
        self._ready.set()
        self._parts.links.note(self.connection.id, LinkState.CONNECTED)
        self._parts.on_connected(self.connection.id)
        if refused:
            reason = f"the broker rejected the subscription to {', '.join(refused)}"
            self._parts.links.warn(self.connection.id, reason)
            self._parts.activity.record_error(self.connection, reason)

    def _acknowledge(self, session: ClientSession, publishes: list[Publish]) -> None:
        for publish in publishes:
            session.acknowledge(publish)
        self._write()

    def _write(self) -> None:
        session, writer = self._session, self._writer
        if session is not None and writer is not None:
            data = session.data_to_send()
            if data and not writer.is_closing():
                writer.write(data)
