"""The filter by device: a list of few, a field for the id of one of many."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.console.shared.choices import device_filter


class Seen:
    """A visit whose API has these devices."""

    def __init__(self, found: Any) -> None:
        self.found = found

    async def find(self, template: str, **options: Any) -> Any:
        return self.found


async def test_few_devices_are_a_list() -> None:
    visit: Any = Seen({"data": [{"id": "dev_1", "name": "Room"}], "next_cursor": None})
    assert (await device_filter(visit))["options"] == [["dev_1", "Room"]]


@pytest.mark.parametrize("found", [None, {"data": [], "next_cursor": None}, {"data": [{"id": "dev_1"}], "next_cursor": "x"}])
async def test_otherwise_an_id_is_typed(found: Any) -> None:
    visit: Any = Seen(found)
    assert (await device_filter(visit))["type"] == "text"
