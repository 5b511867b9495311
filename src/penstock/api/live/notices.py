"""The notices of streams, that is, events other than readings: the data that webhooks send, with the topic as `event`."""

from __future__ import annotations

import msgspec

from penstock.core.event_data import event_data


def notice_of(topic: str, body: dict[str, object]) -> bytes:
    """The notice of an event, from its decoded body in the outbox."""
    return msgspec.json.encode({"event": topic} | event_data(topic, body))
