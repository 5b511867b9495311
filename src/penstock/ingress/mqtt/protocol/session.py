"""What outlives a connection of a client, without I/O."""

from __future__ import annotations

from penstock.ingress.mqtt.protocol.packets import Publish

MAX_REPEATABLE = 64
"""Publishes of QoS 1 of the last connection that a client may repeat without being stored twice."""
EXPIRES_NEVER = 0xFFFF_FFFF
"""A session expiry interval that means without end (MQTT 5, 3.1.2.11.2)."""


class Session:
    """What outlives a connection of a client: its subscriptions and which messages it may still repeat."""

    __slots__ = ("_repeatable", "_stored", "expires_at", "received", "subscriptions")

    def __init__(self) -> None:
        self.subscriptions: dict[str, int] = {}
        self.received: set[int] = set()
        """Packet identifiers of QoS 2 that are stored and not yet released."""
        self.expires_at = 0.0
        self._stored: dict[int, int] = {}
        self._repeatable: dict[int, int] = {}

    def begin_connection(self) -> None:
        """What the last connection stored may be repeated in this one: its acknowledgements may not have arrived."""
        self._repeatable, self._stored = self._stored, {}

    def forget_state(self) -> None:
        """Begin anew (Clean Start). What may be repeated stays: a client's program does not forget it."""
        self.subscriptions.clear()
        self.received.clear()

    def repeats(self, publish: Publish) -> bool:
        """Whether a message of QoS 1 is one that the last connection stored.

        A packet identifier that is used anew is of a new message from then on.
        """
        # Taken out whether or not it is the same: an identifier is repeated once, and then used for something new.
        known = self._repeatable.pop(publish.packet_id, None)
        return known is not None and publish.dup and known == _fingerprint(publish)

    def note_stored(self, publish: Publish) -> None:
        """A message is on disk, and its acknowledgement is about to leave."""
        if publish.qos == 2:
            self.received.add(publish.packet_id)
        elif publish.qos == 1:
            stored = self._stored
            # The oldest gives way, as dictionaries keep their order: clients repeat what they sent last.
            if len(stored) >= MAX_REPEATABLE:
                del stored[next(iter(stored))]
            stored[publish.packet_id] = _fingerprint(publish)


def _fingerprint(publish: Publish) -> int:
    # Python's own hash, which differs from process to process, is enough: a session does not outlive this one.
    return hash((publish.topic, publish.payload))
