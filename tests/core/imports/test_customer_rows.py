"""Rows of residents and placements."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.customers.periods import Period
from penstock.core.imports.cells import InvalidRowError
from penstock.core.imports.customer_rows import plan_placement, plan_resident
from penstock.core.imports.models import AddResident, Outcome, PlaceDevice, RenameResident
from penstock.kit.clock import parse_time
from penstock.kit.ids import CustomerId, DeviceId
from tests.core.imports.rows import EUI, cells_of, customer, device, known_of, resident, shown

HOUSES = (customer(1, "north"), customer(2, "south"))
ERIKA = resident(5, 1, "erika@example.org")


def day_us(text: str) -> int:
    return parse_time(f"{text}T00:00:00+01:00")


def period(customer_number: int, from_day: str, to_day: str | None = None) -> Period:
    return Period(
        device_id=DeviceId(1),
        customer_id=CustomerId(customer_number),
        from_us=day_us(from_day),
        to_us=None if to_day is None else day_us(to_day),
    )


def test_residents_are_known_by_customer_and_address() -> None:
    known = known_of(customers=HOUSES, residents=[ERIKA])
    renamed = RenameResident(msgspec.structs.replace(ERIKA, name="E."))
    for row, step in (
        ({"customer": "north", "name": "Erika", "email": "ERIKA@example.org"}, None),
        ({"customer": "north", "name": "E.", "email": "erika@example.org"}, renamed),
    ):
        assert plan_resident(cells_of(**row), known).step == step
    added = plan_resident(cells_of(customer="south", name="Erika", email="erika@example.org"), known)
    assert isinstance(added.step, AddResident)
    cells = cells_of(customer="", name="", email="erika")
    with pytest.raises(InvalidRowError):
        plan_resident(cells, known)
    assert shown(cells) == ["customer", "name", "email"]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"customer": "south"}, Outcome.UNCHANGED),
        ({"customer": "south", "from_": "2025-01-01"}, Outcome.UNCHANGED),
        ({"customer": "north", "from_": "2024-01-01"}, Outcome.UNCHANGED),
        ({"customer": "south", "from_": "2025-01-02"}, Outcome.UPDATED),
        ({"customer": "south", "from_": "2024-06-01"}, Outcome.UPDATED),
        ({"customer": "north", "from_": "2025-06-01"}, Outcome.UPDATED),
        ({"resident": "erika@example.org"}, Outcome.UPDATED),
        ({"customer": "north", "from_": "2025-01-01"}, None),
        ({"customer": "north", "from_": "2023-01-01"}, None),
        ({"customer": "south", "from_": "2024-01-01"}, None),
        ({"customer": "south", "from_": "2999-01-01"}, None),
    ],
)
def test_placements_follow_what_is_recorded(row: dict[str, str], outcome: Outcome | None) -> None:
    history = [period(1, "2024-01-01", "2025-01-01"), period(2, "2025-01-01")]
    known = known_of(device(), customers=HOUSES, residents=[ERIKA], periods={DeviceId(1): history})
    cells = cells_of(device=EUI, **row)
    if outcome is not None:
        assert plan_placement(cells, known).outcome is outcome
        return
    with pytest.raises(InvalidRowError):
        plan_placement(cells, known)
    assert shown(cells) == ["from"]


def test_a_first_placement_and_one_that_had_ended() -> None:
    known = known_of(device(), customers=HOUSES, residents=[ERIKA])
    planned = plan_placement(cells_of(device=EUI, resident="erika@example.org", from_="2025-01-01"), known)
    assert (planned.outcome, planned.step) == (
        Outcome.MADE,
        PlaceDevice(DeviceId(1), CustomerId(1), ERIKA.id, day_us("2025-01-01")),
    )
    known.periods = {DeviceId(1): [period(1, "2024-01-01", "2025-01-01")]}
    with pytest.raises(InvalidRowError):
        plan_placement(cells_of(device=EUI, customer="south", from_="2024-06-01"), known)
    assert plan_placement(cells_of(device=EUI, customer="south", from_="2025-01-01"), known).outcome is Outcome.UPDATED
