"""ChirpStack 4: which kind of event a body tells of, with and without its name, and what an acknowledgement denies."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.uplinks.models import EventKind
from penstock.ingress.lorawan.protocol.chirpstack_v4 import kind_of, place, read

DEVICE = {"deviceInfo": {"devEui": "70b3d57ed0061f2a"}}


@pytest.mark.parametrize(
    ("body", "event", "kind"),
    [
        ({}, "up", EventKind.UPLINK),
        ({"object": {}}, "join", EventKind.JOIN),
        ({"object": {}}, "something_new", EventKind.OTHER),
        ({}, "", EventKind.OTHER),
        ({}, None, EventKind.OTHER),
        ({"devAddr": "00bb"}, None, EventKind.JOIN),
        ({"devAddr": "00bb", "fCnt": 0}, None, EventKind.UPLINK),
        ({"acknowledged": False, "fCntDown": 1}, None, EventKind.ACKNOWLEDGED),
        ({"downlinkId": 1, "fCntDown": 1}, None, EventKind.SENT),
        ({"batteryLevel": 0}, None, EventKind.STATUS),
        ({"level": "ERROR", "code": "X"}, None, EventKind.LOG),
        ({"location": {}}, None, EventKind.LOCATION),
    ],
)
def test_the_kind_is_that_of_the_name_or_of_the_first_key(body: dict[str, Any], event: str | None, kind: EventKind) -> None:
    assert kind_of(body, event) is kind


@pytest.mark.parametrize(
    ("said", "kind"), [(True, EventKind.ACKNOWLEDGED), (False, EventKind.NOT_ACKNOWLEDGED), (None, EventKind.ACKNOWLEDGED)]
)
def test_an_acknowledgement_may_deny(said: bool | None, kind: EventKind) -> None:
    assert read(DEVICE | ({} if said is None else {"acknowledged": said}), "ack").kind is kind


def test_only_a_payload_without_its_key_is_encrypted() -> None:
    assert read(DEVICE | {"joinServerContext": {"sessionKeyId": "x"}}, "up").encrypted is True
    assert read(DEVICE | {"joinServerContext": {}}, "up").encrypted is False


def test_an_uplink_has_values_and_no_details_and_a_log_names_its_downlink() -> None:
    uplink = read(DEVICE | {"object": {}, "batteryLevel": 5}, "up")
    assert (uplink.values, uplink.details) == (None, {})
    log = read(DEVICE | {"level": "ERROR", "context": {"queue_item_id": "q-1"}}, "log")
    assert (log.values, log.details) == (None, {"queue_item_id": "q-1", "level": "ERROR"})


def test_a_place_has_what_was_computed() -> None:
    assert place({"latitude": 50.8, "longitude": 4.3, "source": "GEO_RESOLVER"}) == {"latitude": 50.8, "longitude": 4.3}
    assert place({}) == {}
