"""Readings in an array: each with what it states, every number as it was sent."""

from __future__ import annotations

import json

import pytest

from penstock.core.telemetry.elements import Element, read_around, read_element
from penstock.kit.errors import InvalidInput
from penstock.kit.strict_json import decode_rows


def element(text: str) -> Element:
    return read_element(decode_rows(f"[{text}]".encode())[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"v": 1.50, "time": 5}', Element(b'{"v":1.50}', 5)),
        ('{"ts": 5, "v": 1}', Element(b'{"v":1}', 5)),
        ('{"time": null, "timestamp": "2026-05-02T12:00:00+02:00", "v": 1}', Element(b'{"v":1}', "2026-05-02T12:00:00+02:00")),
        ('{"time": 5, "ts": 6, "v": 1}', Element(b'{"ts":6,"v":1}', 5)),
        ('{"data": {"v": 12345.60}}', Element(b'{"v":12345.60}')),
        ('{"data": 3}', Element(b'{"data":3}')),
        (
            '{"time": 5, "data": {"v": 1}, "kind": "k", "channel": "c", "dedupe_key": "d"}',
            Element(b'{"v":1}', 5, "k", "c", "d"),
        ),
    ],
)
def test_what_an_element_states(text: str, expected: Element) -> None:
    assert element(text) == expected


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("7", ""),
        ("[]", ""),
        ("{}", ""),
        ('{"time": 5}', ""),
        ('{"time": "noon", "v": 1}', "time"),
        ('{"ts": true, "v": 1}', "ts"),
        ('{"data": {}}', "data"),
        ('{"data": [{"v": 1}]}', "data"),
        ('{"data": {"v": 1}, "tiem": 5}', "tiem"),
        ('{"data": {"v": 1}, "kind": ""}', "kind"),
        ('{"data": {"v": 1}, "channel": "%s"}' % ("x" * 201), "channel"),
        ('{"v": 1e999}', "v"),
    ],
)
def test_what_is_no_reading(text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        element(text)
    assert refusal.value.errors[0].field == field


def test_an_object_around_an_array_has_nothing_else_but_a_time() -> None:
    for others, time in (({}, None), ({"time": 5}, 5), ({"ts": 5, "timestamp": None}, 5)):
        found = read_around(json.dumps({"data": [{"v": 1}], **others}).encode())
        assert found is not None
        assert (len(found.rows), found.time) == (1, time)
    named = read_around(b'{"data": [{"v": 1}], "node": {"id": 7}}', ["node"])
    assert named is not None
    assert named.others == {"node": {"id": 7}}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "7",
        "{",
        '{"v": 1}',
        '{"data": {"v": 1}}',
        '{"data": []}',
        '{"data": [1, 2]}',
        '{"data": [{"v": 1}], "battery": 3.6}',
    ],
)
def test_any_other_object_is_a_reading(text: str) -> None:
    assert read_around(text.encode()) is None


def test_its_time_must_be_one() -> None:
    with pytest.raises(InvalidInput):
        read_around(b'{"data": [{"v": 1}], "time": "noon"}')
