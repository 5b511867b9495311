"""Orders of a list: where pages begin, what their cursors are, and lists in memory."""

from __future__ import annotations

import msgspec
import pytest

from penstock.kit.errors import InvalidInput
from penstock.kit.ordering import WHOLE, Ordering, View, by_name


class Pump(msgspec.Struct, frozen=True):
    """A thing with a name."""

    id: int
    name: str


PUMPS = [Pump(1, "beta"), Pump(2, "Alpha"), Pump(3, "50%_gamma")]
ORDERING: Ordering[Pump] = by_name("created_at")


def walked(view: View) -> list[int]:
    found: list[int] = []
    cursor = None
    while True:
        page = ORDERING.page(ORDERING.select(PUMPS, ORDERING.place(view, cursor), "name")[:2], 1, view)
        found += [one.id for one in page.items]
        if (cursor := page.next_cursor) is None:
            return found


@pytest.mark.parametrize(
    ("sort", "expected"),
    [(None, [1, 2, 3]), ("created_at", [1, 2, 3]), ("-created_at", [3, 2, 1]), ("name", [3, 2, 1]), ("-name", [1, 2, 3])],
)
def test_each_order_is_walked_in_pages_of_one(sort: str | None, expected: list[int]) -> None:
    assert walked(View(sort=sort)) == expected


@pytest.mark.parametrize(("text", "expected"), [("ALPHA", [2]), ("%_", [3]), ("a%b", []), ("A", [1, 2, 3])])
def test_a_text_has_no_wildcards_and_no_case(text: str, expected: list[int]) -> None:
    assert walked(View(text=text)) == expected


def test_a_cursor_belongs_to_its_order() -> None:
    cursor = ORDERING.page(PUMPS[:2], 1, View(sort="name")).next_cursor
    for view in (WHOLE, View(sort="-name"), View(sort="-created_at")):
        with pytest.raises(InvalidInput):
            ORDERING.place(view, cursor)
