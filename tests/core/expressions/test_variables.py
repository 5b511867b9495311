"""Values as expressions see them: doubles, and nothing that is too large, too deep or too late."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.expressions.variables import MAX_DEPTH, MAX_LIST, MAX_TEXT, MAX_VALUES, cut, moment

LEAVES = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.sampled_from(["a", "x" * (MAX_TEXT + 1)])
)
KEYS = st.sampled_from(["a", "b", "c", "k" * (MAX_TEXT + 1)])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=70) | st.dictionaries(KEYS, inner), max_leaves=30)


def nested(depth: int) -> Any:
    return {"a": nested(depth - 1)} if depth else 1


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (21, 21.0),
        (True, True),
        (None, None),
        ("x" * MAX_TEXT, "x" * MAX_TEXT),
        ("x" * (MAX_TEXT + 1), None),
        ([1] * MAX_LIST, [1.0] * MAX_LIST),
        ([1] * (MAX_LIST + 1), None),
        ({"a": [1, "x" * (MAX_TEXT + 1)], "b": 2}, {"b": 2.0}),
        ({"k" * (MAX_TEXT + 1): 1, "b": "c"}, {"b": "c"}),
        (moment(0), datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_is_seen_of_a_value(value: object, seen: object) -> None:
    found = cut(value)
    assert found == seen
    assert type(found) is type(seen)


def test_what_lies_too_deep_is_not_there() -> None:
    assert cut(nested(MAX_DEPTH)) == nested(MAX_DEPTH)
    found, depth = cut(nested(MAX_DEPTH + 1)), 0
    while found:
        found, depth = found.get("a"), depth + 1
    assert depth == MAX_DEPTH - 1, "eight objects, the innermost empty"


def test_what_comes_too_late_is_not_there() -> None:
    found = cut({f"v{number}": number for number in range(MAX_VALUES + 50)})
    assert MAX_VALUES - 1 <= len(found) <= MAX_VALUES
    assert "v0" in found
    assert cut({"a": [[1] * 60] * 5, "b": 1}) == {}, "a list is whole or not there"


@given(VALUES)
def test_it_is_bounded_whatever_comes(value: Any) -> None:
    def sizes(one: Any) -> int:
        assert type(one) in (bool, float, str, list, dict, type(None))
        if isinstance(one, dict):
            return 1 + sum(sizes(entry) for entry in one.values())
        assert not isinstance(one, str | list) or len(one) <= (MAX_TEXT if isinstance(one, str) else MAX_LIST)
        return 1 + (sum(sizes(entry) for entry in one) if isinstance(one, list) else 0)

    assert sizes(cut(value)) <= MAX_VALUES + 1
    assert cut(cut(value)) == cut(value)
