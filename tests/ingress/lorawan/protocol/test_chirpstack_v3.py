"""ChirpStack 3: names in hexadecimal or in base64, values in an object or in a string, and the time of the first good clock."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.uplinks.models import EventKind
from penstock.ingress.lorawan.protocol.chirpstack_v3 import read
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput

EUI = "70b3d57ed0061f2a"


@pytest.mark.parametrize("spelling", [EUI, EUI.upper(), "cLPVftAGHyo="])
def test_a_name_in_either_form(spelling: str) -> None:
    assert read({"devEUI": spelling}, "up").eui == EUI


@pytest.mark.parametrize("odd", ["", "cLPVftAGHy8", "70b3d57ed0061f2", None, 7])
def test_what_is_no_name_is_refused(odd: object) -> None:
    with pytest.raises(InvalidInput):
        read({"devEUI": odd}, "up")


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ({"object": {"t": 1}}, {"t": 1}),
        ({"objectJSON": '{"t": 1}'}, {"t": 1}),
        ({"object": {"t": 1}, "objectJSON": '{"t": 2}'}, {"t": 1}),
        ({"objectJSON": '{"t": 1, "t": 2}'}, None),
        ({"objectJSON": "nonsense"}, None),
        ({"objectJSON": "[1]"}, None),
        ({"object": {}}, None),
        ({}, None),
    ],
)
def test_values_in_either_form(body: dict[str, Any], values: dict[str, Any] | None) -> None:
    assert read({"devEUI": EUI} | body, "up").values == values


@pytest.mark.parametrize(
    ("rows", "time"),
    [
        ([{"time": "2026-05-02T10:00:00Z"}, {"time": "2026-05-02T11:00:00Z"}], "2026-05-02T10:00:00Z"),
        ([{"time": None}, {"time": "2026-05-02T11:00:00Z"}], "2026-05-02T11:00:00Z"),
        ([{"time": "soon"}], "2026-05-02T12:00:00Z"),
        ([], "2026-05-02T12:00:00Z"),
    ],
)
def test_the_time_is_that_of_a_gateway_with_a_clock(rows: list[Any], time: str) -> None:
    found = read({"devEUI": EUI, "rxInfo": rows, "publishedAt": "2026-05-02T12:00:00Z"}, "up")
    assert found.time_us == parse_time(time)


def test_radio_facts_are_in_our_units() -> None:
    sent = {"frequency": 868_100_000, "dr": 0, "loRaModulationInfo": {"bandwidth": 125, "spreadingFactor": 7}}
    heard = [{"gatewayID": "cLPVftAGHyo=", "rssi": -50, "loRaSNR": 7.5}, {"gatewayID": "AABBCCDDEEFF0011"}]
    radio = read({"devEUI": EUI, "txInfo": sent, "dr": 5, "rxInfo": heard}, "up").radio
    assert (radio.bandwidth_hz, radio.spreading_factor, radio.data_rate) == (125_000, 7, 0)
    assert [one.gateway_id for one in radio.gateways] == [EUI, "aabbccddeeff0011"]


def test_a_denial_is_none() -> None:
    assert read({"devEUI": EUI, "acknowledged": False}, "ack").kind is EventKind.NOT_ACKNOWLEDGED
    assert read({"devEUI": EUI, "objectJSON": "{}"}, None).kind is EventKind.UPLINK
