"""Live topics for programs: whoever connects with an API key hears the readings of its organisation, and says nothing.

Topics mirror those on which devices publish: `live/{device_id}/t`, `live/{device_id}/t/{channel}`, `…/s` for a status and `…/e`
for an event. Payloads are as the devices sent them; MQTT 5 clients are told the reading's id and times in user properties.

Who may hear what is decided by the organisation and not by the filter: a commit is matched only against the readers of the
organisation that it belongs to. Messages are of QoS 0, and nothing is kept for a reader that does not take them: it is cut.

The server itself is the publisher of these topics. Where last values are retained (`retained.py`) it publishes each message as a
retained one, and whoever asked for "retain as published" sees that on every message.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from penstock.core.actor import Actor
from penstock.core.telemetry.models import KIND_TELEMETRY, Reading
from penstock.core.tenancy.admission import Gate
from penstock.ingress.mqtt.packets import V5, Reason, Subscribe, Subscription, Unsubscribe
from penstock.ingress.mqtt.protocol import ServerProtocol
from penstock.ingress.mqtt.topics import KIND_EVENT, KIND_STATUS, live_subscription, matches
from penstock.kit.clock import format_time
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId, Prefix, encode

SCOPE = "telemetry:read"
MAX_SUBSCRIPTIONS = 100
MAX_KNOWN_TOPICS = 4_096
MAX_WAITING_BYTES = 4_194_304
"""What may wait for a reader that does not take it; beyond, it is cut."""
RECHECK_S = 0.5
_WITHOUT_TOPIC = frozenset("+#\0")
_LEVELS = {KIND_TELEMETRY: "t", KIND_STATUS: "s", KIND_EVENT: "e"}


class LiveFeed:
    """What one connection subscribed to."""

    def __init__(self, protocol: ServerProtocol, actor: Actor, credential: bytes) -> None:
        self.actor = actor
        self.credential = credential
        self.unretained: list[str] = []
        """Filters whose last values are still to be told, the first of them now."""
        self.told_meanwhile: set[str] = set()
        """Topics that were told live since then: what was found of them is older."""
        self._protocol = protocol
        self._filters: dict[str, bool] = {}
        """What is wanted, and whether with the RETAIN flag as published."""
        self._known: dict[str, tuple[bool, bool]] = {}

    def subscribe(self, subscribe: Subscribe) -> list[str]:
        """Grant live topics at QoS 0, and refuse the rest; those whose last values are wanted."""
        codes, wanted = [], []
        for one in subscribe.subscriptions:
            is_new = one.filter not in self._filters
            code = self._grant(one)
            codes.append(int(code))
            if code is Reason.SUCCESS and one.wants_retained(is_new=is_new):
                wanted.append(one.filter)
        failed = any(code >= Reason.UNSPECIFIED for code in codes)
        self._protocol.grant(subscribe, codes, "a key may subscribe below live/" if failed else "")
        return wanted

    def _grant(self, wanted: Subscription) -> Reason:
        verdict = live_subscription(wanted.filter)
        if verdict is not Reason.SUCCESS:
            return verdict
        if wanted.filter not in self._filters and len(self._filters) >= MAX_SUBSCRIPTIONS:
            return Reason.QUOTA_EXCEEDED
        self._filters[wanted.filter] = wanted.retain_as_published and self._protocol.limits.retain_available
        self._known.clear()
        return Reason.SUCCESS

    def unsubscribe(self, unsubscribe: Unsubscribe) -> None:
        """Take filters away."""
        found = [one in self._filters for one in unsubscribe.filters]
        for one in unsubscribe.filters:
            self._filters.pop(one, None)
        self._known.clear()
        self._protocol.withdraw(unsubscribe, [Reason.SUCCESS if one else Reason.NO_SUBSCRIPTION_EXISTED for one in found])

    def offer(self, topic: str, reading: Reading) -> bool:
        """Put a reading into the protocol, if it is wanted; whether it was."""
        known = self._known.get(topic)
        if known is None:
            if len(self._known) >= MAX_KNOWN_TOPICS:
                self._known.clear()
            flags = [as_published for one, as_published in self._filters.items() if matches(one, topic)]
            known = self._known[topic] = (bool(flags), any(flags))
        wanted, retain = known
        if wanted:
            self._publish(topic, reading, retain=retain)
            if self.unretained:
                self.told_meanwhile.add(topic)
        return wanted

    def retain(self, topic_filter: str, topic: str, reading: Reading) -> None:
        """Put a last value into the protocol, unless the filter was taken away or a newer value told meanwhile."""
        if topic_filter in self._filters and topic not in self.told_meanwhile:
            self._publish(topic, reading, retain=True)

    def _publish(self, topic: str, reading: Reading, *, retain: bool) -> None:
        about = _about(reading) if self._protocol.version == V5 else []
        self._protocol.publish(topic, reading.payload, 0, about, retain=retain)


class Listener(Protocol):
    """A connection, as far as live topics go."""

    @property
    def address(self) -> str:
        """Where it comes from."""

    @property
    def feed(self) -> LiveFeed | None:
        """What it subscribed to."""

    @property
    def ended(self) -> object:
        """Why it is at its end; None while it is not."""

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not taken."""

    def send(self) -> None:
        """Write what lies in the protocol."""

    def cut(self, reason: Reason, text: str) -> None:
        """End the connection."""


class LiveListeners:
    """Connections with an API key, by organisation."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._of_org: dict[OrgId, dict[Listener, LiveFeed]] = defaultdict(dict)

    def count(self, org_id: OrgId) -> int:
        """How many connections an organisation has."""
        return len(self._of_org.get(org_id, ()))

    def join(self, listener: Listener, feed: LiveFeed) -> None:
        """From now on it hears."""
        self._of_org[feed.actor.org_id][listener] = feed

    def leave(self, listener: Listener) -> None:
        """It hears no more."""
        if listener.feed is None:
            return
        org_id = listener.feed.actor.org_id
        listeners = self._of_org.get(org_id, {})
        listeners.pop(listener, None)
        if not listeners:
            self._of_org.pop(org_id, None)

    def tell(self, readings: Sequence[Reading]) -> None:
        """Readings were committed: hand each to those of its organisation that asked for its topic."""
        reached: dict[Listener, None] = {}
        for reading in readings:
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
                self._cut(listener, Reason.QUOTA_EXCEEDED, "it does not take what it subscribed to")

    async def recheck_forever(self) -> None:
        """Cut those whose key was revoked, ran out or lost its scope."""
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
        self.leave(listener)  # at once: until the peer has taken what waits for it, the connection stays
        listener.cut(reason, text)


def topic_of(reading: Reading) -> str | None:
    """Where a reading is told; None for kinds that have no topic."""
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
