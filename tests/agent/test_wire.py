"""The protocol's two machines: every frame there and back, and whatever else comes is refused in one way."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock_agent import wire

HELLO = wire.Hello("1.0.0", "9f2c51d0", "02:5a:9e:11:20:7c", True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["data", "signal", "agent", "seq", "payload", "command", "id", "status", "ack", "welcome", "spool", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def greeted() -> wire.ServerSide:
    machine = wire.ServerSide()
    machine.receive(json.loads(wire.hello(HELLO)))
    return machine


def welcomed() -> wire.AgentSide:
    machine = wire.AgentSide()
    machine.receive(wire.welcome("dev_0c2k9fq7w3m1x", 1776146400.25))
    return machine


def test_what_the_agent_says_is_understood() -> None:
    assert wire.ServerSide().receive(json.loads(wire.hello(HELLO))) == HELLO
    reading = wire.reading_body({"t": 21.5}, "2026-05-02T09:15:04.120Z", "probe", "agent")
    report = wire.report_body("cmd_1", "done", result={"seconds": 30})
    found = greeted().receive(json.loads(wire.rows([wire.row(7, reading), wire.row(9, report)])))
    assert found == wire.Rows(
        (
            wire.Reading(7, {"t": 21.5}, "2026-05-02T09:15:04.120Z", "probe", "agent"),
            wire.Report(9, "cmd_1", "done", {"seconds": 30}),
        )
    )
    assert greeted().receive(json.loads(wire.heartbeat(3))) == wire.Heartbeat(3)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (wire.ack(wire.Ack(9, ((7, "no"),))), wire.Ack(9, ((7, "no"),))),
        (wire.ack(wire.Ack(9)), wire.Ack(9)),
        (wire.heartbeat(3), wire.Heartbeat(3)),
        (wire.close_reason(wire.CloseReason("a.b", "no", 5)), wire.CloseReason("a.b", "no", 5)),
        (wire.command(wire.Command("cmd_1", "blink", {"n": 2})), wire.Command("cmd_1", "blink", {"n": 2})),
    ],
)
def test_what_the_server_says_is_understood(text: str, meaning: object) -> None:
    assert welcomed().receive(text) == meaning


@pytest.mark.parametrize(
    "bad", ["", "[]", "{}", "7", '{"signal":{}}', '{"signal":{"ack":{"seq":-1}}}', '{"data":{"a":{},"b":{}}}']
)
def test_what_is_no_frame_is_refused_by_the_agent(bad: str) -> None:
    with pytest.raises(wire.ProtocolError):
        welcomed().receive(bad)


def test_nothing_comes_before_the_greeting() -> None:
    with pytest.raises(wire.ProtocolError):
        wire.ServerSide().receive({"signal": {"heartbeat": 1}})
    with pytest.raises(wire.ProtocolError):
        wire.AgentSide().receive(wire.heartbeat(1))
    with pytest.raises(wire.ProtocolError, match="version 2"):
        wire.AgentSide().receive('{"signal":{"welcome":{"protocol":2,"device":"d"}}}')


def test_numbers_only_grow_within_a_connection() -> None:
    machine = greeted()
    machine.receive({"data": [{"seq": 5, "payload": {}}]})
    for seq in (5, 4, 0):
        with pytest.raises(wire.ProtocolError):
            machine.receive({"data": [{"seq": seq, "payload": {}}]})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {1, 2}, b"x"])
def test_what_json_cannot_say_is_refused_before_it_is_kept(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each library words it in its way)
        wire.reading_body({"v": value}, None)


def test_the_largest_rows_fit_into_a_frame() -> None:
    body = wire.reading_body({"v": "x" * (wire.MAX_PAYLOAD_BYTES - 30)}, None)
    assert len(wire.rows([wire.row(wire.MAX_SEQ, body)]).encode()) <= wire.MAX_FRAME_BYTES
    with pytest.raises(ValueError, match="is larger"):
        wire.reading_body({"v": "é" * (wire.MAX_PAYLOAD_BYTES // 2)}, None)
    small = wire.reading_body({}, None)
    full = [small] * (wire.MAX_ROWS - 1) + ["x" * (wire.MAX_ROWS_BYTES - len(small) * (wire.MAX_ROWS - 1))]
    assert len(wire.rows([wire.row(wire.MAX_SEQ, one) for one in full])) <= wire.MAX_FRAME_BYTES


@given(JSON)
def test_any_json_is_understood_or_refused(value: Any) -> None:
    for machine in (wire.ServerSide(), greeted()):
        with contextlib.suppress(wire.ProtocolError):
            assert isinstance(machine.receive(value), wire.Hello | wire.Rows | wire.Heartbeat)


@given(st.one_of(st.text(max_size=60), JSON.map(json.dumps)))
def test_any_text_is_understood_or_refused(text: str) -> None:
    for machine in (wire.AgentSide(), welcomed()):
        with contextlib.suppress(wire.ProtocolError):
            machine.receive(text)
