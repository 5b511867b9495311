"""The client's state of a session at a broker, from one connection to the next. No I/O; the session itself is the broker's.

It distinguishes a repeated message from a new one with the same identifier. A message that is not marked DUP is new. A message
marked DUP is a repetition of the last message stored under its identifier if topic and payload are the same.

The digests of the last messages are kept in memory. The log is checked instead (`Freshness.UNKNOWN`) for a message whose digest
was dropped, and for one that an earlier process may have stored. That process cannot be forgotten soon after the start: NATS
repeats an unacknowledged message only when its `ack_wait` has passed, 30 seconds by default, and sends thousands of new ones
first. Nor can it be remembered for ever: identifiers are reused, and a new message that was lost on its way is marked DUP too.
If it equals the message stored under its identifier 65,535 messages ago, the log would take it for a repetition. Hence `SPAN`.
"""

from __future__ import annotations

from enum import Enum, auto
from hashlib import blake2b

from penstock.ingress.mqtt.client.identifiers import SPAN, RecentIdentifiers, precedes
from penstock.ingress.mqtt.protocol.packets import Publish


class Freshness(Enum):
    """Whether a message was stored before."""

    NEW = auto()
    REPEATED = auto()
    UNKNOWN = auto()


class ClientSessionState:
    """The client's state of a session at a broker, from one connection to the next."""

    def __init__(self, max_inflight: int) -> None:
        self._kept = 4 * max_inflight
        self._stored: dict[int, bytes] = {}
        self._dropped = RecentIdentifiers()
        """Identifiers of stored messages whose digests were dropped from `_stored`."""
        self._drops = 0
        self._begun: set[int] = set()
        """Identifiers of new messages that are not stored yet."""
        self._first_new: int | None = None
        self._whole = False
        """Whether no earlier process can have stored a message that is repeated from now on."""
        self.received: set[int] = set()
        """Identifiers of QoS 2 that were answered with PUBREC and wait for PUBREL."""

    def begin(self) -> None:
        """The session is new: every repeated message was first sent in it."""
        self._stored.clear()
        self._dropped.clear()
        self._drops = 0
        self._begun.clear()
        self._first_new = None
        self.received.clear()
        self._whole = True

    def freshness(self, publish: Publish) -> Freshness:
        """Whether a message was stored before."""
        if not publish.dup or publish.packet_id in self._begun:
            return Freshness.NEW
        known = self._stored.get(publish.packet_id)
        if known is not None:
            return Freshness.REPEATED if known == digest(publish) else Freshness.NEW
        in_log = publish.packet_id in self._dropped or self._may_precede(publish.packet_id)
        return Freshness.UNKNOWN if in_log else Freshness.NEW

    def begun(self, publish: Publish) -> None:
        """A new message arrived. It replaces the previous one under its identifier, even if both are equal."""
        # A DUP under this identifier now repeats the new message, which is not stored yet.
        self._begun.add(publish.packet_id)
        if self._first_new is None:
            self._first_new = publish.packet_id

    def stored(self, publish: Publish) -> None:
        """A message is on disk, or was handled otherwise."""
        if publish.qos:
            self._begun.discard(publish.packet_id)
            self._stored.pop(publish.packet_id, None)
            self._stored[publish.packet_id] = digest(publish)
            if len(self._stored) > self._kept:
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = next(iter(self._stored))
        del self._stored[oldest]
        self._dropped.add(oldest)
        self._drops += 1
        self._whole = self._whole or self._kept + self._drops >= SPAN

    def _may_precede(self, packet_id: int) -> bool:
        """Whether an earlier process may have stored the message, under an identifier not used since.

        Many messages later, a broker that counts upwards marks new messages DUP too, but they are beyond its first new one.
        """
        if self._whole:
            return False
        return not self._drops or self._first_new is None or precedes(packet_id, self._first_new)


def digest(publish: Publish) -> bytes:
    """A digest of topic and payload."""
    return blake2b(publish.topic.encode() + b"\0" + publish.payload, digest_size=16).digest()
