"""Plans a row of devices: create one, or change the one that has an identifier of the row. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.devices.models import Device, DevicePatch, Identifier, Location, NewDevice
from penstock.core.imports.cells import Cells
from penstock.core.imports.columns import LABEL
from penstock.core.imports.finding import find_profile, find_project
from penstock.core.imports.known import Known
from penstock.core.imports.models import CreateDevice, Outcome, Planned, UpdateDevice
from penstock.core.imports.references import identifiers_in
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import DeviceId

MAX_LABELS = 64
MAX_INTERVAL_S = 31_536_000


def plan_device(cells: Cells, known: Known, columns: list[str]) -> Planned:
    """What a row of devices leads to. An empty cell leaves a device as it is.

    Raises:
        InvalidRowError.
    """
    identifiers = identifiers_in(cells)
    if not identifiers and not cells.faults:
        cells.fail("eui", "eui, serial, external or mac is required")
    device = _device(cells, known, identifiers)
    given = _given(cells, known, columns)
    if device is None and not cells.raw("name"):
        cells.fail("name", "is required for a new device")
    if device is None and not cells.faults and known.room is not None and known.room <= 0:
        cells.fail("", f"the plan allows at most {known.limit} devices")
    cells.check()
    if device is None:
        new = NewDevice(**given, identifiers=list(identifiers.values()))
        return Planned(Outcome.MADE, new.name, CreateDevice(new))
    changes = _changes(device, given, identifiers)
    if len(changes.get("labels", {})) > MAX_LABELS:
        cells.fail("", f"a device must have at most {MAX_LABELS} labels")
        cells.check()
    if not changes:
        return Planned(Outcome.UNCHANGED, device.name)
    after = msgspec.structs.replace(device, **changes)
    return Planned(Outcome.UPDATED, device.name, UpdateDevice(after, DevicePatch(**changes)))


def _device(cells: Cells, known: Known, identifiers: dict[str, Identifier]) -> Device | None:
    """The device that has an identifier of the row, if there is one."""
    found: dict[DeviceId, str] = {}
    for column, identifier in identifiers.items():
        device_id = known.device_with(identifier)
        if device_id is None or device_id in found:
            continue
        if found:
            cells.fail(column, f"belongs to another device than {next(iter(found.values()))}")
        found[device_id] = column
    return known.device(next(iter(found))) if found else None


def _given(cells: Cells, known: Known, columns: list[str]) -> dict[str, Any]:
    """The fields of a device that the row sets."""
    interval_s = cells.whole("expected_interval_s", 1, MAX_INTERVAL_S)
    fields = {
        "name": cells.text("name", 200),
        "type": cells.text("type", 64),
        "description": cells.text("description", 2000),
        "project_id": find_project(cells, known),
        "profile_id": find_profile(cells, known),
        "location": _location(cells),
        "expected_interval_us": None if interval_s is None else interval_s * SECOND_US,
        "labels": _labels(cells, columns),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _location(cells: Cells) -> Location | None:
    latitude, longitude = cells.degrees("latitude", 90), cells.degrees("longitude", 180)
    for column, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if cells.raw(other) and not cells.raw(column):
            cells.fail(column, f"must be combined with {other}")
    return None if latitude is None or longitude is None else Location(latitude=latitude, longitude=longitude)


def _labels(cells: Cells, columns: list[str]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for column in columns:
        if column.startswith(LABEL) and (value := cells.text(column, 256)):
            found[column.removeprefix(LABEL)] = value
    return found or None


def _changes(device: Device, given: dict[str, Any], identifiers: dict[str, Identifier]) -> dict[str, Any]:
    """The fields in which a device would differ."""
    after = dict(given)
    if "labels" in after:
        after["labels"] = device.labels | after["labels"]
    if "location" in after and device.location is not None:
        at = after["location"]
        after["location"] = Location(latitude=at.latitude, longitude=at.longitude, altitude_m=device.location.altitude_m)
    # An identifier that the device has already stays where it is in the list; a new one takes the place of its kind.
    added = [one for one in identifiers.values() if one not in device.identifiers]
    replaced = {one.kind for one in added}
    after["identifiers"] = [one for one in device.identifiers if one.kind not in replaced] + added
    return {name: value for name, value in after.items() if value != getattr(device, name)}
