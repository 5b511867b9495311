"""Which values may stand at a place, as refusals tell it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

import msgspec
import pytest

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
