"""The history of a device's placements: what a change leaves of it, and what it adds."""

from __future__ import annotations

from penstock.core.customers.periods import (
    Period,
    Place,
    Span,
    changed,
    current_place,
    first_difference_us,
    place_while,
    spans_of,
)
from penstock.kit.ids import CustomerId, DeviceId, ResidentId
from tests.support.cases import for_each

DEVICE, NOW = DeviceId(7), 1000
A, B = Place(customer_id=CustomerId(1)), Place(customer_id=CustomerId(2))
GRACE, ADA = (Place(customer_id=CustomerId(1), resident_id=ResidentId(number)) for number in (11, 12))
NOWHERE = Place()
Row = tuple[Place, int, int | None]


def history(*rows: Row) -> list[Period]:
    return [
        Period(device_id=DEVICE, customer_id=place.customer_id, resident_id=place.resident_id, from_us=begin, to_us=end)
        for place, begin, end in rows
        if place.customer_id is not None
    ]


CASES: tuple[tuple[str, list[Row], Place, int | None, list[Row]], ...] = (
    ("the first customer has the whole past", [], A, None, [(A, 0, None)]),
    ("unless a time is given", [], A, 400, [(A, 400, None)]),
    ("a first resident has what follows, their customer all", [], GRACE, None, [(A, 0, NOW), (GRACE, NOW, None)]),
    ("a move-in in the past", [(A, 0, None)], GRACE, 400, [(A, 0, 400), (GRACE, 400, None)]),
    ("a later customer has what follows", [(A, 0, None)], B, None, [(A, 0, NOW), (B, NOW, None)]),
    ("a move in the past", [(A, 0, None)], B, 400, [(A, 0, 400), (B, 400, None)]),
    ("what was recorded later is replaced", [(A, 0, 500), (B, 500, None)], GRACE, 400, [(A, 0, 400), (GRACE, 400, None)]),
    ("back to where it was", [(A, 0, 500), (B, 500, None)], A, 400, [(A, 0, None)]),
    ("a resident leaves", [(A, 0, 300), (GRACE, 300, None)], A, None, [(A, 0, 300), (GRACE, 300, NOW), (A, NOW, None)]),
    ("a resident follows", [(GRACE, 0, None)], ADA, 800, [(GRACE, 0, 800), (ADA, 800, None)]),
    ("nobody has it", [(A, 0, None)], NOWHERE, None, [(A, 0, NOW)]),
    ("nobody had it since", [(A, 0, 500), (B, 500, None)], NOWHERE, 300, [(A, 0, 300)]),
    ("from nobody to a customer", [(A, 0, 300)], B, None, [(A, 0, 300), (B, NOW, None)]),
    ("the same again changes nothing", [(A, 0, 300), (GRACE, 300, None)], GRACE, None, [(A, 0, 300), (GRACE, 300, None)]),
    ("the same, earlier", [(A, 0, 500), (B, 500, None)], B, 200, [(A, 0, 200), (B, 200, None)]),
    ("the same, later", [(A, 0, 500), (B, 500, None)], B, 700, [(A, 0, 700), (B, 700, None)]),
    ("the same, first one later", [(A, 0, None)], A, 700, [(A, 700, None)]),
    ("the same, later than a gap", [(A, 0, 300), (B, 500, None)], B, 700, [(A, 0, 300), (B, 700, None)]),
    ("nobody, again", [(A, 0, 300)], NOWHERE, None, [(A, 0, 300)]),
    ("at the very time of the last change", [(A, 0, 500), (B, 500, None)], GRACE, 500, [(A, 0, 500), (GRACE, 500, None)]),
)


@for_each(CASES, lambda case: case[0])
def test_a_change(case: tuple[str, list[Row], Place, int | None, list[Row]]) -> None:
    _, before, place, from_us, after = case
    assert changed(history(*before), DEVICE, place, from_us, NOW) == history(*after)
    assert current_place(history(*after)) == place


def test_the_earliest_difference_of_two_histories() -> None:
    before = history((A, 0, 500), (B, 500, None))
    assert first_difference_us(before, before) is None
    assert first_difference_us([], history((A, 0, None))) == 0
    assert first_difference_us(before, history((A, 0, 400), (B, 400, None))) == 400
    assert first_difference_us(before, history((A, 0, 500), (GRACE, 500, None))) == 500
    assert first_difference_us(history((A, 0, None)), history((A, 0, 800))) == 800


def test_spans_are_in_order_and_adjacent_ones_are_one() -> None:
    assert spans_of(history((GRACE, 300, 500), (A, 0, 300), (A, 800, None))) == (Span(0, 500), Span(800, None))
    assert spans_of([]) == ()


def test_the_first_place_in_a_time() -> None:
    known = history((A, 0, 300), (GRACE, 300, 500), (B, 700, None))
    assert [place_while(known, at, at) for at in (0, 299, 300, 500, 700)] == [A, A, GRACE, NOWHERE, B]
    assert (place_while(known, 250, 900), place_while(known, 500, 900)) == (A, B)
    assert place_while([], 0, NOW) == NOWHERE
