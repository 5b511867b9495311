"""Fields of payloads, and columns of them against the standard library's JSON and a plain walk."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.sensor import ValueType
from penstock.core.telemetry.errors import TooManyFields
from penstock.core.telemetry.fields import (
    FieldSurvey,
    Scalar,
    column_decoder,
    flatten,
    flatten_whole,
    joined_columns,
    pick,
    pick_array,
    value_type,
)

unhurried = settings(deadline=None)  # a busy machine is no fault of the code

# Few keys, so that literal dots and nesting collide often.
KEYS = st.sampled_from(["a", "b", "a.b", "b.a", "a.b.a", "", ".", "ä", "a b", 'q"', "back\\slash", "\n", "\U0001f600"])
SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**70), 2**70), st.floats(-1e300, 1e300), st.text('aé"\\\n\U0001f600', max_size=4)
)
VALUES = st.recursive(
    st.one_of(SCALARS, st.none(), st.lists(SCALARS, max_size=2)),
    lambda inner: st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
PAYLOADS = st.dictionaries(KEYS, VALUES, max_size=5)
FIELDS = st.lists(KEYS, min_size=1, max_size=6).map(".".join)


def walk(payload: dict[str, Any]) -> list[tuple[str, Scalar]]:
    """Every path and scalar in the order written, by a stack of what is still to come."""
    todo: list[tuple[str, Any]] = list(reversed(payload.items()))
    found = []
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict):
            todo.extend((f"{path}.{key}", inner) for key, inner in reversed(value.items()))
        elif value is not None and not isinstance(value, list):
            found.append((path, value))
    return found


def expected(payload: dict[str, Any], field: str) -> Scalar | None:
    return next((value for path, value in walk(payload) if path == field), None)


def typed(values: list[Any]) -> list[tuple[type, Any]]:
    return [(type(value), value) for value in values]


def encode(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()


class TestFlatten:
    def test_nested_objects_become_dot_paths(self) -> None:
        payload: dict[str, object] = {"t": 21.5, "vibration": {"rms": 1, "axis": {"x": "up"}}, "on": False}
        assert flatten(payload) == {"t": 21.5, "vibration.rms": 1, "vibration.axis.x": "up", "on": False}

    def test_null_and_arrays_are_not_sensors(self) -> None:
        assert flatten({"a": None, "b": [1, 2], "c": {}, "d": {"e": None, "f": [{"g": 1}]}}) == {}

    def test_first_wins(self) -> None:
        assert flatten({"a.b": 1, "a": {"b": 2}}) == {"a.b": 1}
        assert flatten({"a": {"b": 2}, "a.b": 1}) == {"a.b": 2}
        assert flatten({"a": {"b": None}, "a.b": 1}) == {"a.b": 1}

    @unhurried
    @given(PAYLOADS)
    def test_agrees_with_a_plain_walk(self, payload: dict[str, Any]) -> None:
        first: dict[str, Scalar] = {}
        for path, value in walk(payload):
            if path not in first:
                first[path] = value
        assert list(flatten(payload).items()) == list(first.items())

    @unhurried
    @given(PAYLOADS, FIELDS)
    def test_pick_agrees(self, payload: dict[str, Any], field: str) -> None:
        for name in (field, *flatten(payload)):
            assert typed([pick(payload, name)]) == typed([expected(payload, name)])


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, ValueType.BOOLEAN),
        (False, ValueType.BOOLEAN),
        (1, ValueType.INTEGER),
        (0, ValueType.INTEGER),
        (10**30, ValueType.INTEGER),
        (1.0, ValueType.FLOAT),
        ("1", ValueType.STRING),
        ("", ValueType.STRING),
    ],
)
def test_value_type(value: Scalar, kind: ValueType) -> None:
    assert value_type(value) is kind


class TestColumns:
    def test_an_example(self) -> None:
        payloads = [
            b'{"t": 20, "vibration": {"rms": 0.5, "peak": 3}}',
            b'{"vibration": {"peak": 4}, "t": 21.5}',
            b'{"vibration.rms": 0.75, "t": null}',
            b'{"vibration": "broken", "t": [1]}',
            b"{}",
        ]
        assert column_decoder(("t", "vibration.rms", "none"))(payloads) == [
            [20, 21.5, None, None, None],
            [0.5, None, 0.75, None, None],
            [None] * 5,
        ]

    @unhurried
    @given(st.lists(PAYLOADS, max_size=6), st.lists(FIELDS, max_size=3), st.data())
    def test_agrees_with_a_plain_walk(self, payloads: list[dict[str, Any]], fields: list[str], data: Any) -> None:
        known = sorted({path for payload in payloads for path, _ in walk(payload)})
        if known:
            fields = fields + data.draw(st.lists(st.sampled_from(known), max_size=3))
        columns = column_decoder(tuple(fields))([encode(payload) for payload in payloads])
        assert len(columns) == len(fields)
        for field, column in zip(fields, columns, strict=True):
            assert typed(column) == typed([expected(payload, field) for payload in payloads])
        joined = joined_columns(fields, b",".join(encode(payload) for payload in payloads))
        assert [column or [None] * len(payloads) for column in joined] == columns

    def test_joined_payloads_and_a_name_with_an_escape(self) -> None:
        text = b'{"a":1,"b":{"c":2.5}},{"\\u0061":3},{"b.c":4,"b":{"c":5}},7'
        assert joined_columns(("a", "b.c", "none"), text) == [[1, 3, None, None], [2.5, None, 4, None], [None] * 4]
        assert joined_columns(("a", "none"), text[:-2]) == [[1, 3, None], None]
        with pytest.raises(msgspec.DecodeError):
            joined_columns(("a",), b'{"a":1},{"a"')

    def test_both_spellings_in_one_payload(self) -> None:
        payloads = [b'{"a.b":1,"a":{"b":2}}', b'{"a":{"b":2},"a.b":1}', b'{"a":{"b":[]},"a.b":1}', b'{"a":{"b":3}}']
        assert column_decoder(("a.b",))(payloads) == [[1, 2, 1, 3]]

    def test_a_field_and_its_parent(self) -> None:
        payloads = [b'{"a":{"b":1}}', b'{"a":5}', b'{"a":true}', b'{"a":"b"}', b'{"a":[{"b":1}]}', b'{"a":null}']
        assert column_decoder(("a", "a.b"))(payloads) == [
            [None, 5, True, "b", None, None],
            [1, None, None, None, None, None],
        ]

    @pytest.mark.parametrize("field", ['q"', "back\\slash", "\n", "\ud800", "class", "__init__", "0", "f0", "é.é"])
    def test_any_name(self, field: str) -> None:
        payload = json.dumps({field: 7}).encode()  # with escapes, which must match as well
        assert column_decoder((field,))([payload, b'{"other":1}']) == [[7, None] if field != "\ud800" else [None, None]]

    def test_many_dots(self) -> None:
        field = ".".join("abcdefgh")
        payloads = [encode({field: 1}), encode({"a.b.c": {"d": {"e.f": {"g.h": 2}}}}), encode({"a": {"b": 3}})]
        assert column_decoder((field, "a.b"))(payloads) == [[1, 2, None], [None, None, 3]]

    def test_escaped_and_repeated_keys(self) -> None:
        payloads = [b'{"\\u0061":1}', b'{"a":1,"a":2}', b'{"b":{"c":1},"b":{"d":2}}']
        assert column_decoder(("a", "b.c", "b.d"))(payloads) == [[1, 2, None], [None, None, None], [None, None, 2]]

    @pytest.mark.parametrize("bad", [b"", b"[]", b"1", b"null", b"{", b'{"a":1},{"a":2}', b'{"a":"\xff"}', b'{"a":1e999}'])
    def test_what_is_no_object_spoils_only_itself(self, bad: bytes) -> None:
        payloads = [b'{"a":1,"b":{"c":2}}', bad, b'{"a":3}']
        assert column_decoder(("a", "b.c"))(payloads) == [[1, None, 3], [2, None, None]]

    def test_nothing_to_read(self) -> None:
        assert column_decoder(("a", "b"))([]) == [[], []]
        assert column_decoder(())([b"{}"]) == []


@given(PAYLOADS)
def test_a_whole_row_has_the_arrays_too(payload: dict[str, Any]) -> None:
    whole, scalars = flatten_whole(payload), flatten(payload)
    assert {name: whole[name] for name in scalars} == scalars
    arrays = {name: pick_array(payload, name) for name in whole.keys() - scalars.keys()}
    assert {name: json.loads(str(whole[name])) for name in arrays} == arrays
    assert all(isinstance(value, list) for value in arrays.values())


@given(st.lists(PAYLOADS, max_size=5))
def test_a_survey_finds_every_field_once(payloads: list[dict[str, Any]]) -> None:
    survey, whole = FieldSurvey(1_000), FieldSurvey(1_000, arrays=True)
    texts = [json.dumps(payload).encode() for payload in payloads]
    for one in (survey, whole):
        one.add(texts[:2])
        one.add(texts[2:])
    assert list(survey.names) == sorted({name for text in texts for name in flatten(json.loads(text))})
    assert list(whole.names) == sorted({name for text in texts for name in flatten_whole(json.loads(text))})


def test_a_survey_has_an_end() -> None:
    survey = FieldSurvey(2)
    survey.add([b'{"a":1,"b":2}', b'{"a":3}'])
    with pytest.raises(TooManyFields):
        survey.add([b'{"c":1}'])
