"""Described strings are plain strings on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from penstock.kit.wire_types import Moment, one_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Shown(msgspec.Struct):
    colour: Annotated[str, one_of(*Colour)]
    seen: Moment


def test_the_description_changes_nothing_that_is_sent() -> None:
    assert msgspec.json.encode(Shown(Colour.RED, "2026-05-02T09:15:04Z")) == b'{"colour":"red","seen":"2026-05-02T09:15:04Z"}'


def test_the_words_and_the_format_are_described() -> None:
    properties = msgspec.json.schema_components([Shown])[1]["Shown"]["properties"]
    assert properties["colour"] == {"type": "string", "enum": ["red", "blue"]}
    assert properties["seen"] == {"type": "string", "format": "date-time"}
