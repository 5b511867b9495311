"""Fields of structs by name."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from penstock.kit.fields import changes_in, converted, same_fields, shared_names


class Pump(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    flow: float | None = None
    labels: dict[str, str] = {}
    serial: int = 0


class ShownPump(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: Annotated[str, Meta(max_length=100)]
    flow: Annotated[float, Meta(ge=0)] | None
    labels: dict[Annotated[str, Meta(max_length=64)], str]
    connectivity: str = "never"


class PumpPatch(msgspec.Struct, frozen=True, kw_only=True):
    name: str | UnsetType = UNSET
    flow: float | UnsetType | None = UNSET


class ShownPatch(msgspec.Struct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    flow: float | UnsetType = UNSET


def test_what_has_one_name_and_one_type_is_copied_whatever_its_bounds() -> None:
    pump = Pump(id=7, name="North", flow=1.5, labels={"a": "b"}, serial=3)
    shown = ShownPump(**same_fields(pump, ShownPump), id="pmp_7")
    assert shown == ShownPump(id="pmp_7", name="North", flow=1.5, labels={"a": "b"})


def test_a_field_of_another_type_is_not_copied() -> None:
    assert shared_names(Pump, ShownPump) == ("name", "flow", "labels")
    assert shared_names(ShownPatch, PumpPatch) == ("name",)
    with pytest.raises(TypeError, match="'id'"):
        ShownPump(**same_fields(Pump(id=7, name="North"), ShownPump))


def test_a_patch_is_copied_with_what_it_leaves_out() -> None:
    assert PumpPatch(**same_fields(ShownPatch(), PumpPatch)) == PumpPatch()
    assert PumpPatch(**same_fields(ShownPatch(name="South"), PumpPatch)) == PumpPatch(name="South")


def test_changes_are_what_a_patch_sets() -> None:
    assert changes_in(PumpPatch()) == {}
    assert changes_in(PumpPatch(flow=None)) == {"flow": None}


def test_a_conversion_passes_over_what_is_left_out_or_null() -> None:
    assert converted("a", str.upper) == "A"
    assert converted(0, str) == "0"
    assert [converted(value, str) for value in (UNSET, None)] == [UNSET, None]
