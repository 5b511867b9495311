"""The client's state of a session at a broker, from one connection to the next. No I/O; the session itself is the broker's.

It distinguishes a repeated message from a new one with the same identifier. A message that is not marked DUP is new. A message
marked DUP is a repetition of the last message stored under its identifier if topic and payload are the same. Right after the
process starts, the state is empty; then the log is checked instead (`Freshness.UNKNOWN`).
"""

from __future__ import annotations

from enum import Enum, auto
from hashlib import blake2b

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
        self._whole = False
        self.received: set[int] = set()
        """Identifiers of QoS 2 that were answered with PUBREC and wait for PUBREL."""

    def begin(self) -> None:
        """The session is new: every repeated message was first sent in it."""
        self._stored.clear()
        self.received.clear()
        self._whole = True

    def freshness(self, publish: Publish) -> Freshness:
        """Whether a message was stored before."""
        if not publish.dup:
            return Freshness.NEW
        known = self._stored.get(publish.packet_id)
        if known is None and not self._whole:
            return Freshness.UNKNOWN
        return Freshness.REPEATED if known == digest(publish) else Freshness.NEW

    def begun(self, publish: Publish) -> None:
        """A new message arrived. It replaces the previous one under its identifier, even if both are equal."""
        # An empty digest equals no message: a DUP under this identifier now repeats the new message, which is not stored yet.
        if publish.packet_id in self._stored or not self._whole:
            self._stored[publish.packet_id] = b""

    def stored(self, publish: Publish) -> None:
        """A message is on disk, or was handled otherwise."""
        if publish.qos:
            # A broker repeats unacknowledged messages, of which there are at most as many as it may have in flight.
            self._stored.pop(publish.packet_id, None)
            self._stored[publish.packet_id] = digest(publish)
            if len(self._stored) > self._kept:
                del self._stored[next(iter(self._stored))]
                self._whole = True


def digest(publish: Publish) -> bytes:
    """A digest of topic and payload."""
    return blake2b(publish.topic.encode() + b"\0" + publish.payload, digest_size=16).digest()
