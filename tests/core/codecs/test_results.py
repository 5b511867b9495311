"""What scripts answer is not believed: whatever it is, it becomes a result or a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.codecs.ports import Call, RunOutcome, RunStatus
from penstock.core.codecs.results import MAX_LINES, MAX_TEXT, MAX_TEXTS, REASONS, functions_of, read_result
from penstock.kit.errors import InvalidInput

NAMES = st.sampled_from(["data", "bytes", "fPort", "errors", "warnings", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | st.text("ab\0Ä\ud800", max_size=3)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=8)


NO_VALUES = "it must return an object with a data object, or with an array of readings"


def outcome(text: str = "", status: RunStatus = RunStatus.OK) -> RunOutcome:
    return RunOutcome(status=status, text=text, took_us=7)


def read(result: object, call: Call = Call.DECODE_UPLINK, **beside: Any) -> Any:
    return read_result(call, outcome(json.dumps({"result": result, **beside})))


def test_values_warnings_and_lines() -> None:
    found = read({"data": {"t": 1}, "warnings": "low battery", "errors": []}, logs=["a", 7, None, "b" * 9_999])
    assert (found.data, found.warnings, found.errors, found.took_us) == ({"t": 1}, ["low battery"], [], 7)
    assert [len(line) for line in found.logs] == [1, 1, 4_096]


def test_with_errors_there_is_no_result() -> None:
    found = read({"data": {"t": 1}, "errors": ["no such port"], "warnings": ["w"]})
    assert (found.data, found.errors, found.warnings) == (None, ["no such port"], ["w"])


@pytest.mark.parametrize(
    ("result", "error"),
    [
        (None, "it must return an object"),
        ([1], NO_VALUES),
        ({}, NO_VALUES),
        ({"data": [1]}, NO_VALUES),
        ({"data": [[{"t": 1}]]}, NO_VALUES),
        ({"readings": []}, NO_VALUES),
    ],
)
def test_what_is_no_decoded_value(result: object, error: str) -> None:
    assert read(result).errors == [error]


ROW = {"time": 5, "v": 1}


@pytest.mark.parametrize(
    ("result", "data"),
    [
        ([ROW], {"data": [ROW]}),
        ({"data": [ROW, 7]}, {"data": [ROW, 7]}),
        ({"data": [{"v": 1}]}, {"data": [{"v": 1}]}),
        ({"readings": [ROW], "warnings": []}, {"readings": [ROW]}),
        ({"data": {"v": 2}, "history": [ROW]}, {"v": 2, "history": [ROW]}),
        ({"data": {"v": 2, "history": [ROW]}}, {"v": 2, "history": [ROW]}),
        ({"history": [ROW]}, {"history": [ROW]}),
        ({"data": {"v": 2}, "history": [1], "measurements": [{"v": 1}], "other": [ROW]}, {"v": 2}),
        ({"data": []}, {}),
    ],
)
def test_several_readings(result: object, data: object) -> None:
    assert (read(result).data, read(result).errors) == (data, [])


def test_a_decoded_downlink_has_one() -> None:
    assert read([ROW], Call.DECODE_DOWNLINK).errors == ["it must return an object"]
    assert read({"data": [ROW]}, Call.DECODE_DOWNLINK).errors == ["it must return an object with a data object"]


def test_bytes_of_a_downlink() -> None:
    found = read({"bytes": [0, 255], "fPort": 223}, Call.ENCODE_DOWNLINK)
    assert (found.payload, found.f_port, found.errors) == (b"\0\xff", 223, [])
    assert read({"bytes": [1] * 242}, Call.ENCODE_DOWNLINK).f_port is None
    for wrong in (
        {},
        {"bytes": "AA"},
        {"bytes": [256]},
        {"bytes": [-1]},
        {"bytes": [True]},
        {"bytes": [1.0]},
        {"bytes": [1] * 243},
    ):
        refused = read(wrong, Call.ENCODE_DOWNLINK)
        assert (refused.payload, len(refused.errors)) == (None, 1), wrong
    for port in (0, 224, True, "1", 1.0):
        assert read({"bytes": [], "fPort": port}, Call.ENCODE_DOWNLINK).errors == [
            "fPort must be a whole number between 1 and 223"
        ], port


@pytest.mark.parametrize("status", [status for status in RunStatus if status in REASONS])
def test_a_call_that_ended_badly_says_how(status: RunStatus) -> None:
    assert read_result(Call.DECODE_UPLINK, outcome('{"result": {"data": {}}}', status)).errors == [REASONS[status]]


def test_the_place_of_an_error_stands_instead_of_a_stack() -> None:
    thrown = json.dumps({"thrown": "Error: no\n    at decode (<input>:3:7)\n    at <eval> (<input>:9:1)"})
    assert read_result(Call.DECODE_UPLINK, outcome(thrown)).errors == ["Error: no (line 3, column 7)"]
    assert read_result(Call.DECODE_UPLINK, outcome('{"thrown": ""}')).errors == ["it threw an error without a message"]
    (long,) = read_result(Call.DECODE_UPLINK, outcome(json.dumps({"thrown": "x" * 999}))).errors
    assert (len(long), long[-1]) == (MAX_TEXT, "…")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "not valid JSON"),
        ('{"result": NaN}', "not valid JSON"),
        ("[1]", "modified the built-in objects"),
        ('{"data": {}}', "modified the built-in objects"),
        ('{"missing": true}', "has no function decodeUplink"),
    ],
)
def test_answers_that_are_none(text: str, error: str) -> None:
    assert error in read_result(Call.DECODE_UPLINK, outcome(text)).errors[0]


def test_functions_of_a_script() -> None:
    assert functions_of(outcome('{"result": ["decodeUplink"]}')) == ["decodeUplink"]
    assert functions_of(outcome('{"result": 7}')) == []
    with pytest.raises(InvalidInput, match="cannot be loaded: SyntaxError"):
        functions_of(outcome('{"thrown": "SyntaxError: x"}'))


@given(JSON, st.sampled_from([Call.DECODE_UPLINK, Call.ENCODE_DOWNLINK, Call.INSPECT]), JSON)
def test_whatever_comes_is_a_result_or_a_reason(result: object, call: Call, logs: object) -> None:
    found = read_result(call, outcome(json.dumps({"result": result, "logs": logs})))
    assert (found.data is None and found.payload is None) == bool(found.errors)
    assert len(found.errors) <= MAX_TEXTS
    assert len(found.logs) <= MAX_LINES
    assert all(isinstance(line, str) for line in (*found.errors, *found.warnings, *found.logs))
