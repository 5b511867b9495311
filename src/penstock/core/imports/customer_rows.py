"""Plans a row of residents or of placements. Pure."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo

import msgspec

from penstock.core.customers.models import Customer, NewResident
from penstock.core.customers.periods import Period, Place, current_place
from penstock.core.imports.cells import Cells
from penstock.core.imports.finding import find_customer, find_device, find_resident
from penstock.core.imports.known import Known
from penstock.core.imports.models import AddResident, Outcome, PlaceDevice, Planned, RenameResident
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.clock import format_time

_EMAIL = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+")


def plan_resident(cells: Cells, known: Known) -> Planned:
    """What a row of residents leads to: they are known by their customer and e-mail address.

    Raises:
        InvalidRowError.
    """
    cells.text("customer", 200, required=True)
    customer = find_customer(cells, known)
    name, email = cells.text("name", 200, required=True), cells.text("email", 254, required=True)
    if email is not None and not _EMAIL.fullmatch(email):
        cells.fail("email", "must be an e-mail address")
    cells.check()
    assert customer is not None
    assert name is not None
    assert email is not None
    same = known.resident(customer.id, email)
    if same is None:
        return Planned(Outcome.MADE, name, AddResident(customer.id, NewResident(name=name, email=email)))
    if same.name == name:
        return Planned(Outcome.UNCHANGED, name)
    return Planned(Outcome.UPDATED, name, RenameResident(msgspec.structs.replace(same, name=name)))


def plan_placement(cells: Cells, known: Known) -> Planned:
    """What a row of placements leads to. A date is the midnight of the customer's time zone.

    Raises:
        InvalidRowError.
    """
    device = find_device(cells, known)
    customer = find_customer(cells, known)
    resident = find_resident(cells, known, customer.id if customer else None)
    if not cells.raw("customer") and not cells.raw("resident"):
        cells.fail("customer", "customer or resident is required")
    if customer is None and resident is not None:
        customer = next((one for one in known.customers if one.id == resident.customer_id), None)
    from_us = cells.moment("from", _zone(customer))
    if from_us is not None and from_us > known.now_us:
        cells.fail("from", "must not be in the future")
    cells.check()
    assert device is not None
    assert customer is not None
    history = known.periods.get(device.id, [])
    place = Place(customer_id=customer.id, resident_id=resident.id if resident else None)
    if _is_recorded(history, place, from_us):
        return Planned(Outcome.UNCHANGED, device.name)
    _check_history(cells, history, place, from_us)
    cells.check()
    outcome = Outcome.UPDATED if history else Outcome.MADE
    return Planned(outcome, device.name, PlaceDevice(device.id, customer.id, place.resident_id, from_us))


def _zone(customer: Customer | None) -> tzinfo:
    return UTC if customer is None else parse_zone(customer.timezone)


def _is_recorded(history: list[Period], place: Place, from_us: int | None) -> bool:
    if from_us is None:
        return current_place(history) == place
    return any(one.place == place and one.from_us == from_us for one in history)


def _check_history(cells: Cells, history: list[Period], place: Place, from_us: int | None) -> None:
    """Note a fault if the placement would erase what is recorded after it: a file has a device's placements in their order."""
    others = history[:-1] if current_place(history) == place else history
    if from_us is None or not others:
        return
    last = others[-1]
    is_over = last.to_us is not None and others is history and last.to_us > from_us
    if last.from_us >= from_us or is_over:
        since = format_time(last.from_us) if last.from_us else "its beginning"
        cells.fail("from", f"overlaps another placement of the device, since {since}")
