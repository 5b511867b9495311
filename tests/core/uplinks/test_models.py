"""What is kept of an uplink beside its values."""

from __future__ import annotations

import json
from typing import Any

import pytest

from penstock.core.uplinks.models import SENT_BY_DEVICE, EventKind, Network, NetworkMessage, Radio, Reception


def message(network: Network = Network.CHIRPSTACK_V4, **about: Any) -> NetworkMessage:
    return NetworkMessage(network=network, kind=EventKind.UPLINK, **about)


def test_only_what_is_known_is_kept() -> None:
    assert message().metadata() == {"network": "chirpstack_v4"}
    radio = Radio(rssi_dbm=-50, gateways=[Reception(gateway_id="g", snr_db=7.5)])
    assert message(f_port=0, f_cnt=0, data="", encrypted=True, radio=radio).metadata() == {
        "network": "chirpstack_v4",
        "f_port": 0,
        "f_cnt": 0,
        "data": "",
        "encrypted": True,
        "rssi_dbm": -50,
        "gateways": [{"gateway_id": "g", "snr_db": 7.5}],
    }


@pytest.mark.parametrize(
    ("network", "data", "has_facts"),
    [
        (Network.CHIRPSTACK_V4, None, True),
        (Network.CUSTOM, None, False),
        (Network.CUSTOM, "AA==", True),
    ],
)
def test_a_custom_body_without_bytes_is_its_values_alone(network: Network, data: str | None, has_facts: bool) -> None:
    kept = json.loads(message(network, data=data).payload({"t": 1}))
    assert kept["t"] == 1
    assert ("lorawan" in kept) is has_facts


def test_facts_stand_instead_of_a_value_of_their_name() -> None:
    kept = json.loads(message().payload({"lorawan": "mine"}))
    assert kept == {"lorawan": {"network": "chirpstack_v4"}}


def test_every_kind_is_the_device_s_doing_or_not() -> None:
    """A new kind has to be decided on: does it show that the device was heard?"""
    of_server = {"not_acknowledged", "sent", "failed", "queued", "invalidated", "service", "log", "other"}
    assert {kind.value for kind in EventKind} == {kind.value for kind in SENT_BY_DEVICE} | of_server
    assert not {kind.value for kind in SENT_BY_DEVICE} & of_server
