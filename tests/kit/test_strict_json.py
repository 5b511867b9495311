"""Strict JSON: what is accepted is what `json` reads; what is refused is the table of what Python takes and must not."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput
from penstock.kit.strict_json import MAX_CONTAINERS, MAX_DEPTH, decode, decode_rows, decode_shape
from tests.fuzz.traps import BODIES, VALUES
from tests.support.examples import drawn_from

INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
# Texts that look like what the quick reading looks out for, so that the exact reading has its turn.
TRICKY = st.sampled_from(["a:b", ":::", "\\u0000", "\\\\ud800", "0" * 25, "1234567890123456789", "\U0001f600", '"', "\\", "é"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | INT64 | FLOATS | TEXT | TRICKY
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT | TRICKY, inner, max_size=5), max_leaves=20
)
NOISE = st.binary(max_size=60) | st.text('[]{}",:0123456789.eE+-\\u dD8cCntrfalse', max_size=60).map(str.encode)


def oracle(text: bytes) -> Any:
    """Python's own reading, made strict in the plainest way.

    Raises:
        ValueError: the text may not be accepted.
    """
    value = json.loads(text.decode("utf-8"), object_pairs_hook=_unique, parse_int=_int64, parse_constant=_int64)
    _check(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _int64(digits: str) -> int:
    if not -(2**63) <= int(digits) < 2**63:
        raise ValueError("beyond 64 bits")
    return int(digits)


def _check(value: Any) -> None:
    if isinstance(value, str) and "\0" in value.encode().decode():
        raise ValueError("NUL")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("beyond a double")
    for part in [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check(part)


def same(first: Any, second: Any) -> bool:
    """Equal in value, type and order: `1` is not `1.0` and not True, and `-0.0` is not `0.0`."""
    return repr(first) == repr(second)


@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("around", [b"%b", b'{"a":%b}', b"[1,%b]", b'{"data":{"b":[{"c":%b}]}}', b'{"\\u0061":"a:b","b":%b}'])
def test_a_trap_is_refused_wherever_it_stands(what: str, around: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        strict_json.decode(around.replace(b"%b", VALUES[what]))
    assert refused.value.errors
    assert len(refused.value.detail.encode()) < 300


@pytest.mark.parametrize("what", sorted(BODIES.keys() - {"no object", "null", "text", "array in array"}))
def test_a_body_that_is_no_json_is_refused(what: str) -> None:
    with pytest.raises(InvalidInput):
        strict_json.decode(BODIES[what](b'{"name":"caf\xc3\xa9"}'))


@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 0, 1]))
def test_what_is_good_is_read_as_python_reads_it(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, allow_nan=False).encode()
    assert same(strict_json.decode(text), oracle(text))


@settings(max_examples=500)
@given(NOISE)
@example(b'{"a":1,"a":1}')
@example(b'"\\ud83d\\ude00"')
@example(b"-0")
@example(b"[1E5,-0.0,1e-400]")
@example(b'"\\/"')
@example(b"9223372036854775807")
@example(b"-9223372036854775808")
@example(b"1." + b"0" * 65 + b"1")
@example(b'{"":{"":{}}}')
def test_any_bytes_are_refused_or_read_as_python_reads_them(text: bytes) -> None:
    """Both ways: nothing is accepted that may not be, and what is good is not refused."""
    try:
        found = strict_json.decode(text)
    except InvalidInput:
        with pytest.raises(ValueError):  # noqa: PT011  (whichever)
            oracle(text)
    else:
        assert same(found, oracle(text))


@drawn_from(st.dictionaries(TEXT | TRICKY, DOCUMENTS, min_size=1, max_size=4), st.data(), few=40, many=2_000)
def test_a_key_that_stands_twice_is_refused_at_any_depth(inner: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(inner)))
    text = json.dumps(inner, ensure_ascii=data.draw(st.booleans()))
    spelled = json.dumps(name, ensure_ascii=data.draw(st.booleans()))
    text = f"{text[:-1]}, {spelled}: {json.dumps(data.draw(SCALARS))}}}"
    for _ in range(data.draw(st.integers(0, 8))):
        text = data.draw(st.sampled_from(['[{}, "a:b"]', '{{"x": 1, "y": {}}}', "[[{}]]"])).format(text)
    with pytest.raises(InvalidInput) as refused:
        strict_json.decode(text.encode())
    assert refused.value.errors[0].code in ("duplicate_key", "depth")


def test_the_key_that_stands_twice_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        strict_json.decode(b'{"a":1,"b":2,"c":{"name":1,"name":2}}')
    (error,) = refused.value.errors
    assert (error.field, error.code) == ("name", "duplicate_key")


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_the_depth_is_bounded_exactly(opening: str, closing: str) -> None:
    strict_json.decode((opening * MAX_DEPTH + "1" + closing * MAX_DEPTH).encode())
    with pytest.raises(InvalidInput) as refused:
        strict_json.decode((opening * (MAX_DEPTH + 1) + "1" + closing * (MAX_DEPTH + 1)).encode())
    assert refused.value.errors[0].code == "depth"


def test_the_number_of_containers_is_bounded() -> None:
    assert len(strict_json.decode(b"[" + b"[]," * (MAX_CONTAINERS - 2) + b"[]]")) == MAX_CONTAINERS - 1
    with pytest.raises(InvalidInput) as refused:
        strict_json.decode(b"[" + b"[]," * MAX_CONTAINERS + b"[]]")
    assert refused.value.errors[0].code == "size"


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 10**18, 0])
def test_integers_of_64_bits_are_kept_exactly(number: int) -> None:
    assert strict_json.decode(f'{{"a":[{number}]}}'.encode()) == {"a": [number]}


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64 - 1, 10**19])
def test_integers_beyond_are_refused(number: int) -> None:
    with pytest.raises(InvalidInput):
        strict_json.decode(f'{{"a":[{number}]}}'.encode())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"name":"\\u0000"}', "name"),
        (b'{"place":{"labels":[{"a":1},{"b":"\\u0000"}]}}', "place.labels[1].b"),
        (b'[{"n":1},{"n":9223372036854775808}]', "[1].n"),
        (b'{"a":{"\\u0000":1}}', "a"),
        (b'"\\u0000"', ""),
        (b'{"' + b"x" * 1000 + b'":"\\u0000"}', "x" * 200),
    ],
)
def test_the_place_of_a_wrong_value_is_named(text: bytes, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        strict_json.decode(text)
    assert refused.value.errors[0].field == place


@pytest.mark.parametrize("text", [b"", b" \n"])
def test_a_body_of_nothing_is_called_empty(text: bytes) -> None:
    with pytest.raises(InvalidInput, match="the body must not be empty"):
        strict_json.decode(text)


def test_space_around_is_no_matter() -> None:
    assert strict_json.decode(b" \t\r\n[1]\n") == [1]
    assert strict_json.decode(b"null") is None


@pytest.mark.parametrize(
    "text",
    [
        b'{"t":"09:15:04","a" :1,"a":2}',
        b'{"t":"::","a"\n:1,"a"\t:2}',
        b'{"t":"\\":","a":1,"a":2}',
        b'[{"t":"x:"},{"b":1,"b" :1}]',
    ],
)
def test_a_key_that_stands_twice_is_found_beside_colons_in_text(text: bytes) -> None:
    with pytest.raises(InvalidInput, match="must not be repeated"):
        strict_json.decode(text)


def test_an_invalid_element_of_an_array_leaves_the_others_valid() -> None:
    elements = [
        b'{"a": 1}',
        b'"]"',
        b'{"a":1,"a":2}',
        b'"\\ud800"',
        b'"\xff"',
        b"1e999",
        b"9" * 5_000,
        b"[[1], {}]",
        b"NaN",
        b'"a\tb"',
    ]
    rows = strict_json.decode_rows(b" [ " + b" ,\n".join(elements) + b" ] ")
    assert [row.text for row in rows] == elements
    assert [row.value for row in rows if row.fault is None] == [{"a": 1}, "]", [[1], {}]]


def test_elements_are_the_same_whether_one_of_them_is_invalid_or_not() -> None:
    good = [b'{"t": 1.50}', b"[]", b'"x"', b"-0.0", b"null"]
    alone = strict_json.decode_rows(b"[" + b", ".join(good) + b"]")
    beside = strict_json.decode_rows(b"[" + b", ".join([*good, b"1e999"]) + b"]")
    assert alone == beside[:-1]


@pytest.mark.parametrize(
    "text", [b"", b"7", b"{}", b"[1e999", b"[1e999,]", b"[1e999 2]", b"[1e999] 2", b"[,1e999]", b"[" * 100_000, b"[1e999}"]
)
def test_what_is_no_array_has_no_elements(text: bytes) -> None:
    with pytest.raises(InvalidInput):
        strict_json.decode_rows(text)


def test_a_level_too_many_by_the_array_is_a_fault_of_its_elements() -> None:
    deepest = b"[" * strict_json.MAX_DEPTH + b"]" * strict_json.MAX_DEPTH
    (row,) = strict_json.decode_rows(b"[" + deepest + b"]")
    assert row.fault is not None
    assert row.fault.code == "depth"


def test_the_shape_of_json_is_read_whatever_its_values() -> None:
    assert strict_json.decode_shape(b'{"seq": 7, "v": "\\ud800", "n": 1%s}' % (b"0" * 5_000))["seq"] == 7
    with pytest.raises(InvalidInput):
        strict_json.decode_shape(b"{")


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        (b'{"a": {"b": [1, -1e400]}}', "a.b[1]", "a double can hold"),
        (b'{"a": "\\ud800"}', "a", "lone surrogate"),
        (b'{"a": ["x\\udc00y"]}', "a[0]", "lone surrogate"),
        (b'{"a": NaN}', "", "NaN is not a JSON number"),
        (b'{"a": "\\u12', "", "ends too early"),
        (b'{"a": 1', "", "ends too early"),
        (b'{"a": 1e400,}', "", "valid JSON"),
    ],
)
def test_a_fault_is_named_where_it_stands_in_words_for_a_caller(text: bytes, field: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        strict_json.decode(text)
    (error,) = refusal.value.errors
    assert error.field == field
    assert words in error.detail
    assert "`" not in error.detail
    assert "truncated" not in error.detail


@pytest.mark.parametrize("parse", [decode, decode_rows, decode_shape])
@pytest.mark.parametrize("inside", [b"9" * 2_000, b"NaN", b'"\\ud800"', b'{"a":1,"a":2}', b"[" * 200, b"1e999", b"\xff"])
@pytest.mark.parametrize("around", [b"%b", b'{"a":%b}', b"[%b]", b"[1,%b]", b"[%b"])
def test_a_refused_body_is_freed_at_once(parse: Callable[[bytes], object], inside: bytes, around: bytes) -> None:
    """An error that refers to itself would keep a body of megabytes until the next collection of such cycles."""
    body = around % inside
    held = sys.getrefcount(body)
    with suppress(InvalidInput):
        parse(body)
    assert sys.getrefcount(body) == held
