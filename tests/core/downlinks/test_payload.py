"""Downlinks by the bytes that parameters state: taken as they are, refused, or left to the codec."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.codecs.ports import Downlink
from penstock.core.downlinks.payload import InvalidDownlink, fitting, raw_downlink, requested_port


@pytest.mark.parametrize(
    ("parameters", "payload"),
    [
        ({"f_port": 1, "payload_hex": "00ff"}, b"\x00\xff"),
        ({"f_port": 223, "payload_base64": "AP8="}, b"\x00\xff"),
        ({"f_port": 1, "payload_hex": ""}, b""),
        ({"f_port": 1, "payload_hex": "00" * 242}, bytes(242)),
    ],
)
def test_bytes_are_taken_as_they_are(parameters: dict[str, Any], payload: bytes) -> None:
    assert raw_downlink(parameters) == Downlink(f_port=parameters["f_port"], payload=payload, warnings=[])


@pytest.mark.parametrize(
    "parameters",
    [
        {"payload_hex": "00"},
        {"f_port": 0, "payload_hex": "00"},
        {"f_port": True, "payload_hex": "00"},
        {"f_port": "1", "payload_hex": "00"},
        {"f_port": 1, "payload_hex": 7},
        {"f_port": 1, "payload_hex": "0"},
        {"f_port": 1, "payload_base64": "A"},
        {"f_port": 1, "payload_base64": "ÄÖ=="},
        {"f_port": 1, "payload_hex": "00", "payload_base64": "AA=="},
        {"f_port": 1, "payload_hex": "00" * 243},
    ],
)
def test_what_is_no_downlink_is_told(parameters: dict[str, Any]) -> None:
    assert isinstance(raw_downlink(parameters), InvalidDownlink)


def test_without_bytes_it_is_the_codecs_turn() -> None:
    assert raw_downlink({"f_port": 3, "minutes": 7}) is None
    assert [requested_port({"f_port": port}) for port in (3, 0, 224, None, "3")] == [3, None, None, None, None]
    assert isinstance(fitting(Downlink(f_port=224, payload=b"", warnings=[])), InvalidDownlink)
    assert isinstance(fitting(Downlink(f_port=1, payload=bytes(243), warnings=[])), InvalidDownlink)
