"""What is known of our session at a broker, from one connection to the next. No I/O; the session itself is the broker's.

It tells a repeated message from a new one with the same identifier: a message that is not marked DUP is new; one that is, is a
repetition of the last message stored under its identifier if it says the same. Right after a start of the process nothing is
known of the session; then the log is asked instead (`Freshness.UNKNOWN`).
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


class Memory:
    """What is known of a session at a broker, from one connection to the next."""

    def __init__(self, max_inflight: int) -> None:
        self._kept = 4 * max_inflight
        self._stored: dict[int, bytes] = {}
        self._whole = False
        self.received: set[int] = set()
        """Identifiers of QoS 2 that were answered with PUBREC and wait for PUBREL."""

    def begin(self) -> None:
        """The session is new: whatever is repeated in it was sent in it first."""
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
        """A new message came: the one before it under its identifier is done with, even if they say the same."""
        # An empty digest equals no message: a DUP under this identifier now repeats the new message, which is not stored yet.
        if publish.packet_id in self._stored or not self._whole:
            self._stored[publish.packet_id] = b""

    def stored(self, publish: Publish) -> None:
        """A message is on disk, or was dealt with otherwise."""
        if publish.qos:
            # A broker repeats what we did not acknowledge, which is at most what it may have in flight.
            self._stored.pop(publish.packet_id, None)
            self._stored[publish.packet_id] = digest(publish)
            if len(self._stored) > self._kept:
                del self._stored[next(iter(self._stored))]
                self._whole = True


def digest(publish: Publish) -> bytes:
    """What stands for topic and payload."""
    return blake2b(publish.topic.encode() + b"\0" + publish.payload, digest_size=16).digest()
