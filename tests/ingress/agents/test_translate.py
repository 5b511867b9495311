"""Frames of agents: a row that cannot be read costs itself alone, and a report always says how a command ended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.telemetry.models import Source
from penstock.ingress.agents.translate import (
    MAX_KEPT_BYTES,
    Frame,
    read_frame,
    to_acknowledgement,
    to_malformed,
    to_new_reading,
)
from penstock.kit.ids import DeviceId, OrgId, ProjectId
from penstock_agent import wire
from tests.support.days import NOON_US

DEVICE = DeviceRef(DeviceId(10), OrgId(1), ProjectId(2), DeviceStatus.ACTIVE, None)


def greeted() -> wire.ServerSide:
    machine = wire.ServerSide()
    machine.receive(json.loads(wire.hello(wire.Hello("1.0.0", "9f2c51d0", "02:5a:9e:11:20:7c", True))))
    return machine


def frame(*payloads: str) -> Frame:
    """A frame of rows with these payloads, as they are written."""
    body = wire.reading_body({"here": 1}, "2026-05-02T12:00:00Z", None, "telemetry")
    text = wire.rows([wire.row(number, body) for number in range(1, len(payloads) + 1)])
    for payload in payloads:
        text = text.replace('{"here":1}', payload, 1)
    return read_frame(greeted(), text.encode())


def test_payloads_are_as_they_were_sent() -> None:
    found = frame('{"t": 1.50}', '{"a":{"b":[1,2]}}')
    assert (found.payloads, found.faults) == ([b'{"t": 1.50}', b'{"a":{"b":[1,2]}}'], {})


def test_a_row_that_cannot_be_read_is_at_fault_alone() -> None:
    found = frame('{"t":1}', '{"n":%s}' % ("9" * 40), '{"t":1,"t":2}')
    assert len(found.payloads) == 3
    assert found.faults.keys() == {1, 2}


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"7"])
def test_what_is_no_frame_closes_the_connection(text: bytes) -> None:
    with pytest.raises(wire.ProtocolError):
        read_frame(greeted(), text)


@pytest.mark.parametrize(("time", "at_us"), [("2026-05-02T12:00:00Z", NOON_US), (None, None), ("soon", None), ("", None)])
def test_a_reading_without_a_good_time_is_of_its_arrival(time: str | None, at_us: int | None) -> None:
    row = wire.Reading(seq=7, payload={}, time=time, channel="probe")
    found = to_new_reading(DEVICE, "spool-1", row, b"{}")
    assert (found.time_us, found.channel, found.source) == (at_us, "probe", Source.AGENT)


def test_a_row_is_known_again_by_spool_and_number() -> None:
    keys = {
        to_new_reading(DEVICE, spool, wire.Reading(seq=seq, payload={}), b"{}").dedupe_key
        for spool, seq in (("a", 1), ("a", 11), ("a1", 1), ("a", 1))
    }
    assert len(keys) == 3


def test_what_is_kept_of_a_bad_row_is_bounded_json() -> None:
    kept = json.loads(to_malformed(b"\x00\xff" + b"x" * 2 * MAX_KEPT_BYTES, "too large"))
    assert (kept["reason"], kept["size_bytes"]) == ("too large", 2 + 2 * MAX_KEPT_BYTES)
    assert kept["payload"] == "\ufffd\ufffd" + "x" * (MAX_KEPT_BYTES - 2)


@pytest.mark.parametrize(("status", "ok"), [("received", None), ("done", True), ("failed", False)])
def test_a_report_says_how_it_ended_also_where_it_cannot_be_read(status: str, ok: bool | None) -> None:
    report: Any = wire.Report(seq=1, id="cmd_1", status=status, result={"a": 1}, error="e", progress=5)
    plain = to_acknowledgement(report)
    assert (plain.ok, plain.result, plain.error, plain.progress) == (ok, {"a": 1}, "e", 5)
    bad = to_acknowledgement(report, "an integer is too large")
    assert (bad.ok, bad.result) == (ok, None)
    assert bad.error == "the device's report cannot be read: an integer is too large"
