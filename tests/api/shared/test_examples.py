"""Examples that their structs complete."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from penstock.api.shared.examples import example_of


class Pump(msgspec.Struct):
    id: str
    model: Annotated[str, Meta(max_length=100, examples=["P-200"])]
    note: Annotated[str, Meta(max_length=100)]
    from_: str = msgspec.field(name="from", default="")


def test_a_field_shows_its_own_example_in_its_place() -> None:
    assert list(example_of(Pump, {"note": "", "from": "x", "id": "pmp_1"}).items()) == [
        ("id", "pmp_1"),
        ("model", "P-200"),
        ("note", ""),
        ("from", "x"),
    ]


def test_what_is_given_is_shown_and_nothing_is_invented() -> None:
    assert example_of(Pump, {"model": "P-300"}) == {"model": "P-300"}
