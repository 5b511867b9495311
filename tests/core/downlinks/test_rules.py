"""Downlinks without servers: what parameters say, what events mean, what is in reach."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.codecs.ports import Downlink
from penstock.core.commands.models import Verification
from penstock.core.downlinks import reach as reaching
from penstock.core.downlinks.config import DownlinksConfig
from penstock.core.downlinks.payload import InvalidDownlink, fitting, raw_downlink, requested_port
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.core.downlinks.verdicts import name_in, verdict
from penstock.kit.clock import SECOND_US
from tests.support.days import HeldClock


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


@pytest.mark.parametrize("verification", list(Verification))
def test_what_events_mean(verification: Verification) -> None:
    def said(kind: str, **details: object) -> tuple[bool, bool] | None:
        found = verdict(kind, details, verification)
        return None if found is None else (found.arrived, found.acknowledged)

    assert said("ack") == (True, True)
    assert said("nack") == said("failed") == said("log", code="EXPIRED") == (False, False)
    assert said("txack") == (None if verification is Verification.ACKNOWLEDGEMENT else (True, False))
    assert said("log", code="DOWNLINK_GATEWAY") is None, "a gateway could not; the server tries another"
    assert said("queued") is said("join") is None
    assert name_in({"queue_item_id": 7}) is None
    assert name_in({"f_cnt": 7}) == name_in({"f_cnt": 7, "code": "DOWNLINK_FCNT"}) == "f_cnt:7"
    assert name_in({"f_cnt": 7, "code": "UPLINK_MIC"}) is None, "that is an uplink's counter"
    assert name_in({"f_cnt": 7, "queue_item_id": "q"}) == "q"
    assert len(verdict("failed", {"description": "x" * 1_000}, verification).reason) <= 300  # type: ignore[union-attr]


class Asked:
    """A reach, and how often it asked."""

    def __init__(self) -> None:
        self.clock, self.times = HeldClock(), 0
        config = DownlinksConfig(retry_s=5, max_retry_s=15, look_interval_s=1)
        self.reach = DownlinkRouting(config, self.clock, self.ask)

    def ask(self) -> None:
        self.times += 1


def test_what_is_not_known_is_asked_for_once_it_is_needed() -> None:
    asked = Asked()
    assert not asked.reach.reaches(1)
    assert asked.times == 1
    assert (asked.reach.drain_requests(), asked.reach.drain_requests()) == ({1}, set())
    asked.reach.update(1, 7)
    asked.reach.update(2, None)
    assert (asked.reach.reaches(1), asked.reach.reaches(2), asked.times) == (True, False, 1)
    asked.reach.forget_device(1)
    asked.reach.update(3, 8)
    asked.reach.forget_connection(7)  # it may reach now what was out of reach
    assert (asked.reach.reaches(2), asked.reach.reaches(3), asked.reach.drain_requests()) == (False, True, {2})


def test_a_connection_in_trouble_rests_each_time_longer() -> None:
    asked = Asked()
    asked.reach.update(1, 7)
    for rest_s in (5, 10, 15, 15):
        asked.reach.mark_failed(7)
        asked.reach.mark_failed(7)  # another that was under way
        asked.clock.us += rest_s * SECOND_US - 1
        assert not asked.reach.reaches(1)
        asked.clock.us += 1
        assert asked.reach.reaches(1)
    asked.reach.mark_working(7)
    asked.reach.mark_failed(7)
    asked.clock.us += 5 * SECOND_US
    assert asked.reach.reaches(1)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "MAX_KNOWN", 3)
    monkeypatch.setattr(reaching, "MAX_REQUESTED", 2)
    asked = Asked()
    for device_id in range(4):
        asked.reach.update(device_id, 7)
    assert [asked.reach.reaches(device_id) for device_id in range(4)] == [False, False, False, True]
    assert len(asked.reach.drain_requests()) == 2
