"""What a type accepts, as the caller of an API is told."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import msgspec.inspect as described
import pytest
from msgspec import Meta

from penstock.kit.requirements import requirement
from tests.security.table import operations


class Sort(StrEnum):
    DRY = "dry"
    WET = "wet"


class Tank(msgspec.Struct):
    depth: int


SMALL = Annotated[int, Meta(ge=1, le=9)]
EMAIL = Annotated[str, Meta(max_length=9, pattern="@", extra={"form": "an e-mail address"})]


@pytest.mark.parametrize(
    ("members", "value", "text"),
    [
        ([int], "1", "must be an integer"),
        ([int], True, "must be an integer"),
        ([int], 1.5, "must be an integer"),
        ([int], None, "must not be null"),
        ([int, type(None)], "1", "must be an integer or null"),
        ([SMALL], 10, "must be between 1 and 9"),
        ([SMALL], "10", "must be an integer between 1 and 9"),
        ([Annotated[int, Meta(ge=-12_000)]], -20_000, "must be at least -12000"),
        ([Annotated[float, Meta(ge=0.5)]], "x", "must be a number of at least 0.5"),
        ([Annotated[float, Meta(le=3)]], 4, "must be at most 3"),
        ([Annotated[float, Meta(gt=0)]], 0, "must be greater than 0"),
        ([Annotated[float, Meta(lt=1)]], 1, "must be less than 1"),
        ([Annotated[float, Meta(ge=-1e300, le=1e300)]], "x", "must be a number between -1e+300 and 1e+300"),
        ([Annotated[int, Meta(le=2**63 - 1)]], 2**63, "must be at most 9223372036854775807"),
        ([str], 1, "must be a string"),
        ([Annotated[str, Meta(min_length=1, max_length=5)]], "", "must have 1 to 5 characters"),
        ([Annotated[str, Meta(max_length=5)]], "xxxxxx", "must have at most 5 characters"),
        ([Annotated[str, Meta(max_length=5)]], 5, "must be a string of at most 5 characters"),
        ([Annotated[str, Meta(min_length=2)]], "x", "must have at least 2 characters"),
        ([Annotated[str, Meta(min_length=2, max_length=2)]], "x", "must have exactly 2 characters"),
        ([EMAIL], "x", "must be an e-mail address"),
        ([EMAIL], 5, "must be an e-mail address"),
        ([EMAIL], "a@bbbbbbbbbb", "must have at most 9 characters"),
        ([Annotated[str, Meta(pattern="^(up|down)$")]], "x", "must be one of up, down"),
        ([Sort], "x", "must be one of dry, wet"),
        ([Literal["asc", "desc"], type(None)], "x", "must be one of asc, desc or null"),
        ([Literal["one"]], "x", "must be one"),
        ([bool], 1, "must be true or false"),
        ([list[int]], {}, "must be an array"),
        ([Annotated[list[int], Meta(max_length=2)]], [1, 2, 3], "must have at most 2 entries"),
        ([Annotated[dict[str, int], Meta(max_length=1)]], {"a": 1, "b": 2}, "must have at most 1 entries"),
        ([Tank], [], "must be an object"),
        ([dict[str, int]], [], "must be an object"),
        ([str, int, float], [], "must be a string or a number"),
        ([str, int, type(None)], [], "must be a string, an integer or null"),
        ([SMALL, Literal["none"]], 10, "must be between 1 and 9"),
    ],
)
def test_requirements(members: list[Any], value: Any, text: str) -> None:
    assert requirement(members, value) == text


@pytest.mark.parametrize(
    ("members", "text", "told"),
    [
        ([SMALL], "x", "must be an integer between 1 and 9"),
        ([SMALL], "10", "must be between 1 and 9"),
        ([Literal["asc", "desc"], type(None)], "null", "must be one of asc, desc"),
    ],
)
def test_in_a_query_a_number_is_text_and_null_is_no_value(members: list[Any], text: str, told: str) -> None:
    assert requirement(members, text, strict=False) == told


def test_every_pattern_says_what_it_means() -> None:
    """In the words of an error, a pattern of characters would be one for programmers."""
    silent = {
        str(found.pattern)
        for operation in operations()
        for root in (operation.body, operation.query)
        if root is not None
        for found, extra in strings_in(described.type_info(root))
        if found.pattern is not None and "form" not in extra
    }
    assert silent == set()


def strings_in(
    node: described.Type, seen: frozenset[object] = frozenset(), extra: Any = None
) -> Iterator[tuple[described.StrType, Any]]:
    """Every type of a string inside a type, with what is said about it."""
    if isinstance(node, described.StrType):
        yield node, extra or {}
    elif isinstance(node, described.Metadata):
        yield from strings_in(node.type, seen, node.extra)
    elif isinstance(node, described.StructType) and node.cls not in seen:
        for field in node.fields:
            yield from strings_in(field.type, seen | {node.cls})
    elif isinstance(node, described.UnionType):
        for member in node.types:
            yield from strings_in(member, seen)
    elif isinstance(node, described.CollectionType):
        yield from strings_in(node.item_type, seen)
    elif isinstance(node, described.DictType):
        yield from strings_in(node.key_type, seen)
        yield from strings_in(node.value_type, seen)
