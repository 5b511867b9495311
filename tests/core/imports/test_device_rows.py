"""Rows of devices."""

from __future__ import annotations

import pytest

from penstock.core.devices.models import Identifier, IdentifierKind, Location
from penstock.core.imports.cells import InvalidRowError
from penstock.core.imports.device_rows import plan_device
from penstock.core.imports.models import CreateDevice, Outcome, UpdateDevice
from penstock.kit.fields import changes_in
from tests.core.imports.rows import EUI, cells_of, device, known_of, shown

SERIAL = Identifier(kind=IdentifierKind.SERIAL, value="S1")


def test_a_new_device_needs_a_name_and_room() -> None:
    planned = plan_device(cells_of(eui=EUI, name="A", expected_interval_s="60"), known_of(room=1), [])
    assert isinstance(planned.step, CreateDevice)
    assert (planned.outcome, planned.step.new.expected_interval_us) == (Outcome.MADE, 60_000_000)
    for cells, known, column in (
        (cells_of(eui=EUI), known_of(), "name"),
        (cells_of(name="A"), known_of(), "eui"),
        (cells_of(eui=EUI, name="A"), known_of(room=0, limit=5), ""),
    ):
        with pytest.raises(InvalidRowError):
            plan_device(cells, known, [])
        assert shown(cells) == [column]


def test_only_what_differs_is_changed() -> None:
    old = device(
        labels={"a": "1"}, location=Location(latitude=1, longitude=2, altitude_m=3), identifiers=[*device().identifiers, SERIAL]
    )
    same = cells_of(eui=EUI.upper(), name="device 1", type="", latitude="1.0", longitude="2", serial="S1")
    assert plan_device(same, known_of(old), []).outcome is Outcome.UNCHANGED
    cells = cells_of(serial="S1", external="k", latitude="5", longitude="2")
    cells._row.cells["label.b"] = "2"
    planned = plan_device(cells, known_of(old), ["label.b"])
    assert isinstance(planned.step, UpdateDevice)
    assert changes_in(planned.step.patch) == {
        "labels": {"a": "1", "b": "2"},
        "location": Location(latitude=5, longitude=2, altitude_m=3),
        "identifiers": [*old.identifiers, Identifier(kind=IdentifierKind.EXTERNAL, value="k")],
    }
    new_serial = plan_device(cells_of(eui=EUI, serial="S2"), known_of(old), [])
    assert isinstance(new_serial.step, UpdateDevice)
    assert [one.value for one in changes_in(new_serial.step.patch)["identifiers"]] == [EUI, "S2"]


def test_identifiers_of_two_devices_and_half_a_location() -> None:
    other = device(2, identifiers=[SERIAL])
    cells = cells_of(eui=EUI, serial="S1", latitude="1")
    with pytest.raises(InvalidRowError):
        plan_device(cells, known_of(device(), other), [])
    assert shown(cells) == ["serial", "longitude"]
