"""Live topics for programs: a client with an API key receives the readings of its organisation, and cannot publish.

Topics mirror those on which devices publish: `live/{device_id}/t`, `live/{device_id}/t/{channel}`, `…/s` for a status and `…/e`
for an event. Payloads are as the devices sent them; for MQTT 5 clients, user properties carry the reading's id and times.

Access is decided by the organisation and not by the filter: a commit is matched only against the clients of the organisation
that it belongs to. Messages have QoS 0, and nothing is stored for a client that does not read: it is disconnected.

The server itself publishes these topics. If last values are retained (`retained.py`), it publishes each message as a retained
one, and clients that requested "retain as published" see the flag on every message.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from penstock.core.actor import Actor
from penstock.core.devices.link import DisconnectReason
from penstock.core.telemetry.models import KIND_TELEMETRY, Reading
from penstock.core.tenancy.admission import Gate
from penstock.ingress.mqtt.protocol.packets import V5, Reason, Subscribe, Subscription, Unsubscribe
from penstock.ingress.mqtt.protocol.server_side import ServerProtocol
from penstock.ingress.mqtt.topics import KIND_EVENT, KIND_STATUS, live_subscription, matches
from penstock.kit.clock import format_time
from penstock.kit.errors import PenstockError
from penstock.kit.ids import KeyId, OrgId, Prefix, encode

SCOPE = "telemetry:read"
MAX_SUBSCRIPTIONS = 100
MAX_KNOWN_TOPICS = 4_096
MAX_WAITING_BYTES = 4_194_304
"""The maximum number of bytes that wait for a slow client; above it, the client is disconnected."""
RECHECK_S = 0.5
_WITHOUT_TOPIC = frozenset("+#\0")
_LEVELS = {KIND_TELEMETRY: "t", KIND_STATUS: "s", KIND_EVENT: "e"}


class LiveFeed:
    """The subscriptions of one connection."""

    def __init__(self, protocol: ServerProtocol, actor: Actor, credential: bytes) -> None:
        self.actor = actor
        self.credential = credential
        self.unretained: list[str] = []
        """Filters whose last values are still to be sent; the first of them is in progress."""
        self.sent_meanwhile: set[str] = set()
        """Topics sent live since then: the looked-up values of these are older."""
        self._protocol = protocol
        self._filters: dict[str, bool] = {}
        """Subscribed filters, and whether each keeps the RETAIN flag as published."""
        self._known: dict[str, tuple[bool, bool]] = {}

    def subscribe(self, subscribe: Subscribe) -> list[str]:
        """Grant live topics at QoS 0, and reject the others. Returns the filters whose last values are requested."""
        codes, requested = [], []
        for one in subscribe.subscriptions:
            is_new = one.filter not in self._filters
            code = self._grant(one)
            codes.append(int(code))
            if code is Reason.SUCCESS and one.gets_retained(is_new=is_new):
                requested.append(one.filter)
        failed = any(code >= Reason.UNSPECIFIED for code in codes)
        self._protocol.grant(subscribe, codes, "a client with an API key can subscribe only below live/" if failed else "")
        return requested

    def _grant(self, subscription: Subscription) -> Reason:
        verdict = live_subscription(subscription.filter)
        if verdict is not Reason.SUCCESS:
            return verdict
        if subscription.filter not in self._filters and len(self._filters) >= MAX_SUBSCRIPTIONS:
            return Reason.QUOTA_EXCEEDED
        self._filters[subscription.filter] = subscription.retain_as_published and self._protocol.limits.retain_available
        self._known.clear()
        return Reason.SUCCESS

    def unsubscribe(self, unsubscribe: Unsubscribe) -> None:
        """Remove filters."""
        found = [one in self._filters for one in unsubscribe.filters]
        for one in unsubscribe.filters:
            self._filters.pop(one, None)
        self._known.clear()
        self._protocol.withdraw(unsubscribe, [Reason.SUCCESS if one else Reason.NO_SUBSCRIPTION_EXISTED for one in found])

    def offer(self, topic: str, reading: Reading) -> bool:
        """Send a reading if a filter matches. Returns whether one did."""
        known = self._known.get(topic)
        if known is None:
            # Cleared as a whole: the next messages fill it again, and it needs no order of use.
            if len(self._known) >= MAX_KNOWN_TOPICS:
                self._known.clear()
            # A message that matches several filters is sent once (MQTT 5, 3.3.4), with RETAIN if one of them requests it.
            flags = [as_published for one, as_published in self._filters.items() if matches(one, topic)]
            known = self._known[topic] = (bool(flags), any(flags))
        is_subscribed, retain = known
        if is_subscribed:
            self._publish(topic, reading, retain=retain)
            if self.unretained:
                self.sent_meanwhile.add(topic)
        return is_subscribed

    def retain(self, topic_filter: str, topic: str, reading: Reading) -> None:
        """Send a last value, unless the filter was removed or a newer value was sent in the meantime."""
        if topic_filter in self._filters and topic not in self.sent_meanwhile:
            self._publish(topic, reading, retain=True)

    def _publish(self, topic: str, reading: Reading, *, retain: bool) -> None:
        about = _about(reading) if self._protocol.version == V5 else []
        self._protocol.publish(topic, reading.payload, 0, about, retain=retain)


class Listener(Protocol):
    """A connection, as a subscriber to live topics."""

    @property
    def client_id(self) -> str:
        """The client's id."""

    @property
    def address(self) -> str:
        """The client's address."""

    @property
    def feed(self) -> LiveFeed | None:
        """The client's subscriptions."""

    @property
    def ended(self) -> object:
        """Why the connection ended; None while it is open."""

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not read."""

    def send(self) -> None:
        """Write the protocol's pending bytes."""

    def cut(self, reason: Reason, text: str, why: DisconnectReason = DisconnectReason.CUT) -> None:
        """Close the connection."""


class LiveListeners:
    """Connections with an API key, by organisation and by client."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._of_org: dict[int, dict[Listener, LiveFeed]] = defaultdict(dict)
        self._by_client: dict[tuple[int, str], Listener] = {}
        """By the key's id and the client's id."""

    def count(self, org_id: OrgId) -> int:
        """The number of connections of an organisation."""
        return len(self._of_org.get(org_id, ()))

    def take_over(self, key_id: KeyId, client_id: str) -> None:
        """Close the client's previous connection before a new one joins."""
        before = self._by_client.get((key_id, client_id))
        if before is not None:
            before.cut(Reason.SESSION_TAKEN_OVER, "the client opened a new connection", DisconnectReason.REPLACED)
            self.leave(before)

    def join(self, listener: Listener, feed: LiveFeed) -> None:
        """Start sending readings to the listener."""
        self._of_org[feed.actor.org_id][listener] = feed
        self._by_client[feed.actor.id, listener.client_id] = listener

    def leave(self, listener: Listener) -> None:
        """Stop sending readings to the listener."""
        if listener.feed is None:
            return
        org_id, client = listener.feed.actor.org_id, (listener.feed.actor.id, listener.client_id)
        if self._by_client.get(client) is listener:
            del self._by_client[client]
        listeners = self._of_org.get(org_id, {})
        listeners.pop(listener, None)
        if not listeners:
            self._of_org.pop(org_id, None)

    def publish(self, readings: Sequence[Reading]) -> None:
        """Readings were committed: send each to the subscribers of its topic in its organisation."""
        reached: dict[Listener, None] = {}
        for reading in readings:
            # The organisation is looked up before any filter is matched: no pattern can match another organisation's readings.
            listeners = self._of_org.get(reading.org_id)
            topic = topic_of(reading) if listeners else None
            if not listeners or topic is None:
                continue
            for listener, feed in listeners.items():
                if feed.offer(topic, reading):
                    reached[listener] = None
        for listener in reached:
            listener.send()
            if listener.waiting_bytes > MAX_WAITING_BYTES:
                self._cut(listener, Reason.QUOTA_EXCEEDED, "the client does not read its messages fast enough")

    async def recheck_forever(self) -> None:
        """Disconnect clients whose key was revoked, has expired or has lost its scope."""
        while True:
            await asyncio.sleep(RECHECK_S)
            for listeners in list(self._of_org.values()):
                for listener, feed in list(listeners.items()):
                    await self._recheck(listener, feed)

    async def _recheck(self, listener: Listener, feed: LiveFeed) -> None:
        try:
            actor = await self._gate.admit(feed.credential, listener.address)
            actor.require(SCOPE)
        except PenstockError as error:
            self._cut(listener, Reason.NOT_AUTHORIZED, error.detail)

    def _cut(self, listener: Listener, reason: Reason, text: str) -> None:
        self.leave(listener)  # immediately: the connection itself remains until the peer has read its pending data
        listener.cut(reason, text)


def topic_of(reading: Reading) -> str | None:
    """The live topic of a reading; None for kinds without one."""
    level = _LEVELS.get(reading.kind)
    if level is None:
        return None
    topic = f"live/{encode(Prefix.DEVICE, reading.device_id)}/{level}"
    channel = reading.channel
    return topic if not channel or _WITHOUT_TOPIC & set(channel) else f"{topic}/{channel}"


def _about(reading: Reading) -> list[tuple[str, str]]:
    return [
        ("id", encode(Prefix.READING, reading.seq)),
        ("time", format_time(reading.time_us)),
        ("received_at", format_time(reading.received_us)),
    ]
