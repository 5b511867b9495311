"""The state of a client that outlives its connection, without I/O."""

from __future__ import annotations

from penstock.ingress.mqtt.protocol.packets import Publish

MAX_REPEATABLE = 64
"""The number of QoS 1 messages of the last connection whose repetitions are recognised."""
EXPIRES_NEVER = 0xFFFF_FFFF
"""A session expiry interval that means that the session does not expire (MQTT 5, 3.1.2.11.2)."""


class Session:
    """The state of a client that outlives its connection: its subscriptions, and the messages that it may still repeat."""

    __slots__ = ("_repeatable", "_stored", "expires_at", "received", "subscriptions")

    def __init__(self) -> None:
        self.subscriptions: dict[str, int] = {}
        self.received: set[int] = set()
        """Packet identifiers of QoS 2 that are stored and not yet released."""
        self.expires_at = 0.0
        self._stored: dict[int, int] = {}
        self._repeatable: dict[int, int] = {}

    def begin_connection(self) -> None:
        """Messages stored by the last connection can be repeated in this one: their acknowledgements may not have arrived."""
        self._repeatable, self._stored = self._stored, {}

    def forget_state(self) -> None:
        """Start a new session (Clean Start). Repeatable messages are kept: the client's program can still repeat them."""
        self.subscriptions.clear()
        self.received.clear()

    def repeats(self, publish: Publish) -> bool:
        """Whether a message of QoS 1 is one that the last connection stored.

        A packet identifier that is used again belongs to a new message from then on.
        """
        # Removed even if the message differs: an identifier is repeated once, and then used for a new message.
        known = self._repeatable.pop(publish.packet_id, None)
        return known is not None and publish.dup and known == _fingerprint(publish)

    def note_stored(self, publish: Publish) -> None:
        """A message is on disk, and its acknowledgement is about to be sent."""
        if publish.qos == 2:
            self.received.add(publish.packet_id)
        elif publish.qos == 1:
            stored = self._stored
            # The oldest is evicted, as dictionaries keep their order: clients repeat their most recent messages.
            if len(stored) >= MAX_REPEATABLE:
                del stored[next(iter(stored))]
            stored[publish.packet_id] = _fingerprint(publish)


def _fingerprint(publish: Publish) -> int:
    # Python's own hash, which differs from process to process, is enough: a session does not outlive this one.
    return hash((publish.topic, publish.payload))
