"""Notices of streams: the data that webhooks send, with the topic."""

from __future__ import annotations

import json

from penstock.api.live.notices import notice_of
from penstock.core.event_data import event_data


def test_a_notice_is_the_data_of_the_event_and_its_topic() -> None:
    body: dict[str, object] = {"device_id": 10, "state": "offline", "reason": "lost", "at_us": 1_000_000, "maintenance": True}
    assert json.loads(notice_of("device.offline", body)) == {"event": "device.offline"} | event_data("device.offline", body)
