"""The names of devices, as far as a caller can see them."""

from __future__ import annotations

from penstock.core.dashboards.shown import Shown
from tests.core.dashboards.kept import Kept
from tests.support.shelf import Shelf


async def test_a_name_is_shown_to_those_who_may_see_it(shelf: Shelf) -> None:
    device = await Kept(shelf).device(1, "Office")
    shown = [
        Shown(device_id="dev_1", device=device),
        Shown(device_id="dev_1", device=device, named=False),
        Shown(device_id=None, device=None),
    ]
    assert [(one.name, one.missing) for one in shown] == [("Office", False), ("", False), ("", True)]
