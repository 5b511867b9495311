"""The Things Stack: a counter at its default, one name for each delivery of an uplink, and downlinks that are ours."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.uplinks.models import EventKind
from penstock.ingress.lorawan.protocol.things_stack import _KINDS, is_message, read

IDS = {"end_device_ids": {"dev_eui": "70b3d57ed0061f2a", "device_id": "m-1"}}


def uplink(**content: Any) -> dict[str, Any]:
    return IDS | {"uplink_message": content}


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (uplink(session_key_id="s", f_cnt=7), "s:7"),
        (uplink(session_key_id="s"), "s:0"),
        (uplink(f_cnt=7) | {"correlation_ids": ["as:up:1", "gs:uplink:2", "gs:uplink:3"]}, "gs:uplink:2"),
        (uplink(f_cnt=7) | {"correlation_ids": [7, None]}, None),
        (uplink(f_cnt=7) | {"correlation_ids": "gs:uplink:2"}, None),
        (IDS | {"uplink_normalized": {"session_key_id": "s", "f_cnt": 7}}, None),
    ],
)
def test_an_uplink_is_named_by_session_and_counter(body: dict[str, Any], key: str | None) -> None:
    assert read(body).dedupe_key == key


@pytest.mark.parametrize(
    ("name", "content", "values"),
    [
        ("uplink_message", {"decoded_payload": {"t": 1}}, {"t": 1}),
        ("uplink_message", {"normalized_payload": {"t": 1}}, None),
        ("uplink_normalized", {"normalized_payload": {"t": 1}}, {"t": 1}),
        ("downlink_ack", {"decoded_payload": {"t": 1}}, None),
    ],
)
def test_values_are_those_of_the_kind(name: str, content: dict[str, Any], values: dict[str, Any] | None) -> None:
    assert read(IDS | {name: content}).values == values


def test_a_missing_counter_is_zero_and_a_key_shows_that_it_is_encrypted() -> None:
    assert (read(uplink()).f_cnt, read(uplink()).encrypted) == (0, False)
    assert read(uplink(app_s_key={})).encrypted is True


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        ({"downlink_ack": {"correlation_ids": ["as:x", "penstock:cmd_1"]}}, "penstock:cmd_1"),
        ({"downlink_failed": {"downlink": {"correlation_ids": ["penstock:cmd_2"]}, "error": {"name": "full"}}}, "penstock:cmd_2"),
        ({"downlink_sent": {}, "correlation_ids": ["penstock:cmd_3"]}, "penstock:cmd_3"),
        ({"downlink_sent": {"correlation_ids": ["penstock:" + "x" * 200]}}, None),
        ({"downlink_sent": {"correlation_ids": ["other:cmd_1"]}}, None),
    ],
)
def test_a_downlink_is_known_by_our_name_wherever_it_stands(body: dict[str, Any], ours: str | None) -> None:
    assert read(IDS | body).details.get("correlation_id") == ours


def test_what_is_of_the_things_stack() -> None:
    assert is_message(IDS)
    assert is_message({"location_solved": {}})
    assert not is_message({"dev_eui": "70b3d57ed0061f2a"})
    assert read(IDS | {"something_new": {}}).kind is EventKind.OTHER


@pytest.mark.parametrize(
    ("row", "gateway"),
    [({"gateway_ids": {"eui": "AABB", "gateway_id": "g"}}, "aabb"), ({"gateway_ids": {"gateway_id": "g"}}, "g"), ({}, None)],
)
def test_a_gateway_has_its_eui_or_its_name(row: dict[str, Any], gateway: str | None) -> None:
    assert [one.gateway_id for one in read(uplink(rx_metadata=[row | {"rssi": -5}])).radio.gateways] == [gateway]


@pytest.mark.parametrize("name", sorted(_KINDS))
def test_every_simulated_message_is_marked(name: str) -> None:
    """The sweep over the types of messages: the mark is in the metadata of an uplink, and in the details of an event."""
    for marked in (IDS | {name: {}, "simulated": True}, IDS | {name: {"simulated": True}}):
        found = read(marked)
        shown = found.metadata() if name in ("uplink_message", "uplink_normalized") else found.details
        assert (found.simulated, shown["simulated"]) == (True, True)
    for plain in (IDS | {name: {}}, IDS | {name: {}, "simulated": False}, IDS | {name: {}, "simulated": "true"}):
        found = read(plain)
        assert (found.simulated, "simulated" in found.metadata(), "simulated" in found.details) == (False, False, False)


def test_a_simulated_uplink_is_no_duplicate_of_a_real_one() -> None:
    content = uplink(session_key_id="s", f_cnt=7)
    assert {read(content).dedupe_key, read(content | {"simulated": True}).dedupe_key} == {"s:7", "simulated:s:7"}
