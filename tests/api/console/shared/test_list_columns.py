"""The columns of lists, and their values as cells."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec
import pytest

from penstock.api.console.shared.list_columns import columns_of, lines_of, name_of
from penstock.kit.secret import hides


class Place(msgspec.Struct):
    latitude: float
    longitude: float


@hides("value")
class Held(msgspec.Struct):
    value: str
    since: str


class Node(msgspec.Struct):
    name: str
    above: Node | None = None


@hides("token")
class Row(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: str
    token: str
    place: Place | None
    held: Held
    many_held: list[Held]
    by_name: dict[str, Held]
    labels: dict[str, str]
    node: Node


def columns() -> list[tuple[str, ...]]:
    shape: Any = msgspec.inspect.type_info(Row)
    return columns_of(shape)


def read(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline=""), strict=True))


def test_objects_are_flattened_and_secrets_left_out() -> None:
    names = "id from place.latitude place.longitude held.since labels node.name node.above"
    assert " ".join(map(name_of, columns())) == names


def test_values_are_in_their_columns() -> None:
    row = {"id": "a", "place": {"latitude": 1.5}, "labels": {"site": "north"}, "held": {"since": "x\ny"}, "node": {"name": True}}
    (read_row,) = read(lines_of([row], columns()))
    assert read_row == ["a", "", "1.5", "", "x\ny", '{"site":"north"}', "true", ""]


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "-x", "\tx", "\rx", "-1+1", "-", "--1", "-1.", "\uff1dx", "'x"])
def test_a_formula_becomes_text(text: str) -> None:
    assert read(lines_of([{"id": text}], [("id",)])) == [["'" + text]]


@pytest.mark.parametrize(("value", "shown"), [(-1.5, "-1.5"), (-3, "-3"), ("-12.50", "-12.50"), ("0", "0"), (None, "")])
def test_a_number_stays_one(value: object, shown: str) -> None:
    assert read(lines_of([{"id": value, "x": 1}], [("id",), ("x",)])) == [[shown, "1"]]
