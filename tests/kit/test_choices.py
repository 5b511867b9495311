"""Which values may stand at a place, as refusals tell it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest

from penstock.kit.choices import accepted
from penstock.kit.http import from_validation


class Sort(StrEnum):
    DRY = "dry"
    WET = "wet"


class Above(msgspec.Struct, tag="above", tag_field="type"):
    limit: int


class Silent(msgspec.Struct, tag="silent", tag_field="type"):
    after_s: int


class Thing(msgspec.Struct, rename={"from_": "from"}):
    from_: Sort | None = None
    order: Literal["asc", "desc"] = "asc"
    sorts: list[Sort] = []
    by_name: dict[str, Sort] = {}
    condition: Above | Silent | None = None
    conditions: list[Above | Silent] = []


@pytest.mark.parametrize(
    ("value", "field", "detail"),
    [
        ({"from": "damp"}, "from", "must be one of dry, wet"),
        ({"order": "x" * 10_000}, "order", "must be one of asc, desc"),
        ({"sorts": ["dry", "damp"]}, "sorts[1]", "must be one of dry, wet"),
        ({"by_name": {"a": "damp"}}, "by_name[...]", "must be one of dry, wet"),
        ({"condition": {"type": "below"}}, "condition.type", "must be one of above, silent"),
        ({"conditions": [{"type": "below"}]}, "conditions[0].type", "must be one of above, silent"),
    ],
)
def test_the_values_that_are_taken_are_named(value: Any, field: str, detail: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(value, Thing)
    (error,) = from_validation(refused.value, Thing).errors
    assert (error.field, error.detail) == (field, detail)


@pytest.mark.parametrize("wanted", [list[Thing], Thing | list[Thing]])
def test_they_are_named_in_rows_too(wanted: Any) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert([{}, {"order": "up"}], wanted)
    (error,) = from_validation(refused.value, wanted).errors
    assert (error.field, error.detail) == ("[1].order", "must be one of asc, desc")


class Tank(msgspec.Struct):
    depth: Annotated[int, msgspec.Meta(ge=0, le=9)]
    level: Annotated[float, msgspec.Meta(ge=0.5)] = 1
    rise: Annotated[float, msgspec.Meta(le=3)] | None = None
    name: Annotated[str, msgspec.Meta(max_length=20)] = ""
    code: Annotated[str, msgspec.Meta(min_length=3, max_length=3)] = "abc"
    note: Annotated[str, msgspec.Meta(min_length=1, max_length=9)] = "x"
    free: str = ""
    count: int = 0
    on: bool = False
    cost: Decimal = Decimal(0)
    kinds: tuple[Sort, ...] = ()
    limit: Annotated[int, msgspec.Meta(ge=1, le=2)] | Literal["none"] = "none"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("$.tanks[...]", "a section"),
        ("$.tanks", "a section"),
        ("$.tanks[...].depth", "a whole number between 0 and 9"),
        ("$.tanks[...].level", "a number of at least 0.5"),
        ("$.tanks[...].rise", "a number of at most 3"),
        ("$.tanks[...].name", "text of at most 20 characters"),
        ("$.tanks[...].code", "text of 3 characters"),
        ("$.tanks[...].note", "text of between 1 and 9 characters"),
        ("$.tanks[...].free", "text"),
        ("$.tanks[...].count", "a whole number"),
        ("$.tanks[...].on", "true or false"),
        ("$.tanks[...].cost", 'a decimal number such as "49.00"'),
        ("$.tanks[...].kinds", "a list"),
        ("$.tanks[...].kinds[2]", "one of dry, wet"),
        ("$.tanks[...].limit", "a whole number between 1 and 2 or one of none"),
        ("$.nowhere", ""),
    ],
)
def test_what_is_accepted_is_said_in_words(path: str, words: str) -> None:
    class Site(msgspec.Struct):
        tanks: dict[str, Tank]

    assert accepted(Site, path) == words
