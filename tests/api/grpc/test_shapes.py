"""What fields of wire structs are in messages."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta, Raw, Struct

from penstock.api.grpc.shapes import (
    Choice,
    Kind,
    Many,
    Mapped,
    OneOf,
    Plain,
    Record,
    fields_of,
    proto_name,
    shape_of,
    snake,
    value_name,
)
from penstock.kit.wire_types import Moment, one_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Cat(Struct, frozen=True, tag="cat"):
    """A cat."""

    lives: int


class Dog(Struct, frozen=True, tag="dog"):
    """A dog."""

    name: str


class Plainly(Struct, frozen=True):
    """A struct without a tag."""


@pytest.mark.parametrize(
    ("expected", "shape"),
    [
        (str, Plain(Kind.STRING)),
        (int, Plain(Kind.INTEGER)),
        (float, Plain(Kind.NUMBER)),
        (bool, Plain(Kind.BOOLEAN)),
        (bytes, Plain(Kind.BYTES)),
        (int | None, Plain(Kind.INTEGER)),
        (Moment, Plain(Kind.TIME)),
        (Annotated[str, Meta(extra_json_schema={"format": "date"})], Plain(Kind.STRING)),
        (Raw, Plain(Kind.OBJECT)),
        (Annotated[Raw, Meta(extra_json_schema={"type": "number"})], Plain(Kind.NUMBER)),
        (Annotated[Raw, Meta(extra_json_schema={"type": ["number", "string"]})], Plain(Kind.VALUE)),
        (dict[str, Any], Plain(Kind.OBJECT)),
        (Any, Plain(Kind.VALUE)),
        (int | str, Plain(Kind.VALUE)),
        (list[list[float]], Plain(Kind.VALUE)),
        (list[str], Many(Plain(Kind.STRING))),
        (list[Cat], Many(Record(Cat))),
        (dict[str, float], Mapped(Plain(Kind.NUMBER))),
        (dict[str, dict[str, float]], Mapped(Plain(Kind.OBJECT))),
        (dict[str, list[str]], Mapped(Plain(Kind.VALUE))),
        (Literal["a", "b"], Choice(("a", "b"))),
        (Literal[1, 2], Plain(Kind.INTEGER)),
        (Colour, Choice(("red", "blue"))),
        (Annotated[str, one_of("x", "y")], Choice(("x", "y"))),
        (Annotated[str, Meta(pattern="^(on|off)$")], Choice(("on", "off"))),
        (Annotated[str, Meta(pattern="^[a-z]+$")], Plain(Kind.STRING)),
        (Cat, Record(Cat)),
        (Cat | Dog, OneOf("type", (Record(Cat), Record(Dog)))),
        (Cat | Dog | None, OneOf("type", (Record(Cat), Record(Dog)))),
    ],
)
def test_the_shape_of_a_type(expected: Any, shape: object) -> None:
    assert shape_of(expected) == shape


def test_a_name_says_that_a_string_is_a_time() -> None:
    assert shape_of(str, "created_at") == Plain(Kind.TIME)
    assert shape_of(str, "name") == Plain(Kind.STRING)


@pytest.mark.parametrize(
    ("json_name", "name"),
    [
        ("device_id", "device_id"),
        ("totalCount", "total_count"),
        ("X-Range", "x_range"),
        ("class", "class_value"),
        ("descriptor", "descriptor_value"),
        ("from", "from_value"),
    ],
)
def test_a_name_is_in_snake_case_and_no_keyword(json_name: str, name: str) -> None:
    assert proto_name(json_name) == name


def test_a_time_from_which_on_something_is_says_that_it_is_one() -> None:
    assert proto_name("from", Plain(Kind.TIME)) == "from_time"
    assert proto_name("to", Plain(Kind.STRING), "date") == "to_day"


def test_a_word_is_a_name_in_capitals() -> None:
    words = (">", ">=", "next_reading", "-name", "Class A", "v1.2")
    assert [value_name(word) for word in words] == [
        "GREATER",
        "GREATER_OR_EQUAL",
        "NEXT_READING",
        "NAME_DESCENDING",
        "CLASS_A",
        "V1_2",
    ]
    assert snake("NextReading") == "next_reading"


class Sent(Struct, frozen=True):
    """What is sent."""

    name: str
    wait_s: Annotated[int, Meta(ge=1, le=60)] = 30
    colour: Colour | None = None
    level_pct: float | None = None
    pet: Cat | Dog | None = None
    tags: list[str] = []
    from_: Moment | None = msgspec.field(name="from", default=None)
    duration_s: str = ""
    times_us: list[int] = []


def test_a_field_tells_its_unit_its_bounds_its_default_and_its_name_in_json() -> None:
    about = {field.name: field.about for field in fields_of(Record(Sent))}
    assert about["wait_s"] == ("Seconds.", "At least 1.", "At most 60.", "By default 30.")
    assert about["level_pct"] == ("Per cent.",)
    assert about["from_time"] == ("In JSON `from`.",)
    assert about["times_us"] == ("Microseconds.",)
    assert about["duration_s"] == ()  # a text has no unit


def test_scalars_that_can_be_absent_are_optional() -> None:
    optional = {field.name: (field.required, field.optional) for field in fields_of(Record(Sent))}
    assert optional == {
        "name": (True, False),
        "wait_s": (False, True),
        "colour": (False, True),
        "level_pct": (False, True),
        "pet": (False, False),
        "tags": (False, False),
        "from_time": (False, False),
        "duration_s": (False, True),
        "times_us": (False, False),
    }
