"""Which statement a list in an order runs, and with what."""

from __future__ import annotations

from typing import Any, cast

import pytest

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.kit.ids import MAX_ID
from penstock.kit.ordering import After, Place


class Asked:
    """Notes what it is asked."""

    async def all(self, name: str, params: dict[str, Any]) -> list[Any]:
        return [name, params["after"], params["after_id"], params["pattern"]]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (None, ["list_rules", None, MAX_ID, None]),
        (7, ["list_rules", None, 7, None]),
        (Place(("a", 7), "-name", "50%"), ["list_rules__name_reversed", "a", 7, "%50\\%%"]),
    ],
)
async def test_a_place_chooses_the_statement(after: After, expected: list[object]) -> None:
    assert await rows_from(cast(Session, Asked()), "list_rules", after, 5, {}) == expected
