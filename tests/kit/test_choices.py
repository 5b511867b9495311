"""Which values may stand at a place, as refusals tell it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
import pytest

from penstock.kit.choices import accepted


class Sort(StrEnum):
    DRY = "dry"
    WET = "wet"


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
