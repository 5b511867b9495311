"""All invalid fields of a value, each by the name that the caller wrote."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType

from penstock.kit.field_errors import MAX_ERRORS, MAX_PLACE, invalid_input


class Place(msgspec.Struct, forbid_unknown_fields=True):
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    name: str = ""


class Above(msgspec.Struct, tag="above", tag_field="type", forbid_unknown_fields=True):
    limit: int


class Silent(msgspec.Struct, tag="silent", tag_field="type"):
    after_s: int


class Made(msgspec.Struct, tag="made", tag_field="type"):
    name: str
    size: int


class Found(msgspec.Struct, tag="found", tag_field="type"):
    name: str
    size: str


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    place: Place
    tags: Annotated[list[Annotated[str, Meta(max_length=3)]], Meta(max_length=4)] = []
    labels: dict[Annotated[str, Meta(max_length=5)], int] = {}
    kind: Literal["a", "b"] | UnsetType = msgspec.field(name="type", default=UNSET)
    conditions: list[Above | Silent] = []
    raw: msgspec.Raw = msgspec.Raw()
    note: str | None = None


HERE = {"latitude": 1}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({}, {"place": "is required"}),
        ({"place": {}}, {"place.latitude": "is required"}),
        ({"place": {"latitude": "1"}, "type": "c"}, {
            "place.latitude": "must be a number between -90 and 90",
            "type": "must be one of a, b",
        }),
        ({"place": HERE | {"height": 1}, "x": 1, "kind": "a"}, {
            "place.height": "is not a known field",
            "x": "is not a known field",
            "kind": "is not a known field",
        }),
        ({"place": HERE, "tags": ["a", "long", 4], "labels": {"a": "b", "lengthy": 1}}, {
            "tags[1]": "must have at most 3 characters",
            "tags[2]": "must be a string of at most 3 characters",
            "labels.a": "must be an integer",
            "labels.lengthy": "has a name that must have at most 5 characters",
        }),
        ({"place": HERE, "tags": list("abcde")}, {"tags": "must have at most 4 entries"}),
        ({"place": HERE, "tags": None, "note": 1}, {"tags": "must not be null", "note": "must be a string or null"}),
        ({"place": HERE, "conditions": [{"type": "below"}, {}, {"type": "above", "x": 1}, 4, {"type": "silent", "x": 1}]}, {
            "conditions[0].type": "must be one of above, silent",
            "conditions[1].type": "is required",
            "conditions[2].limit": "is required",
            "conditions[2].x": "is not a known field",
            "conditions[3]": "must be an object",
            "conditions[4].after_s": "is required",
        }),
        ({"place": 5, "raw": {"a": 1}}, {"place": "must be an object"}),
        ([], {"": "the JSON must be an object"}),
        (None, {"": "the JSON must not be null"}),
    ],
)  # fmt: skip
def test_every_invalid_field_is_told(value: Any, told: dict[str, str]) -> None:
    error = invalid_input(value, Thing)
    assert {one.field: one.detail for one in error.errors} == told
    assert error.detail.startswith(": ".join(filter(None, next(iter(told.items())))))
    more = f"; {len(told) - 1} more" if len(told) > 1 else ""
    assert more in error.detail


def test_without_a_known_tag_the_fields_that_do_not_depend_on_it_are_searched() -> None:
    for value in ({"type": "lost", "name": 1, "size": None}, {"name": 1}):
        told = [error.field for error in invalid_input(value, Made | Found).errors]
        assert told == ["type", "name"]


@pytest.mark.parametrize("expected", [list[Thing], Thing | list[Thing]])
def test_rows_are_numbered(expected: Any) -> None:
    rows = [{"place": HERE}, {"place": HERE, "note": 1}, 5]
    assert [one.field for one in invalid_input(rows, expected).errors] == ["[1].note", "[2]"]


def test_the_field_that_contains_the_value_is_named() -> None:
    assert invalid_input({"place": {}}, Thing, within="settings").errors[0].field == "settings.place.latitude"
    assert invalid_input(3, Thing, within="settings").detail == "settings: must be an object"


@pytest.mark.parametrize("name", ["x" * 10_000, "a`b", "` - at `$.place", "\u202e", "é"])
def test_errors_are_bounded(name: str) -> None:
    error = invalid_input({"place": HERE} | {f"{name}{number}": 1 for number in range(60)}, Thing)
    assert len(error.errors) == MAX_ERRORS
    assert len(error.detail) < 500
    assert all(len(one.field) <= MAX_PLACE for one in error.errors)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-100, 100)
    | st.floats(allow_nan=False)
    | st.sampled_from(["a", "above", "silent", "long"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["type", "limit", "after_s", "latitude", "name", "a", "lengthy"]), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.fixed_dictionaries(
    {}, optional={name: JSON for name in ("place", "tags", "labels", "type", "conditions", "note", "x")}
)


@given(FIELDS | JSON)
def test_what_the_decoder_rejects_has_an_error(value: Any) -> None:
    try:
        msgspec.convert(value, Thing)
    except msgspec.ValidationError:
        errors = invalid_input(value, Thing).errors
        assert errors
        assert all("`" not in one.detail and "another value" not in one.detail for one in errors)
