"""What widgets name must exist for the caller, unless they named it before."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.commands.errors import DefinitionNotFound
from penstock.core.dashboards.access import check_names, id_of, names_in
from penstock.core.dashboards.options import CommandButtonOptions, Source, StatusGridOptions
from penstock.core.devices.errors import DeviceNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, ProjectId, encode
from tests.core.dashboards.kept import Kept
from tests.support.shelf import Shelf


async def test_names_are_looked_up(shelf: Shelf) -> None:
    kept = Kept(shelf)
    device = encode(Prefix.DEVICE, (await kept.device(7)).id)
    grid = StatusGridOptions(source=Source(device_id=device))
    button = CommandButtonOptions(device_id=device, command_id="def_0000000000001")
    elsewhere = msgspec.structs.replace(kept.actor, project_id=ProjectId(9))
    async with shelf.own() as tx:
        await check_names(tx, kept.actor, grid)
        with pytest.raises(DeviceNotFound):
            await check_names(tx, elsewhere, grid)
        await check_names(tx, elsewhere, grid, names_in(grid))
        with pytest.raises(DefinitionNotFound):
            await check_names(tx, kept.actor, button)
        await check_names(tx, kept.actor, button, names_in(button))


def test_ids_have_a_form() -> None:
    with pytest.raises(InvalidInput) as raised:
        id_of(Prefix.DEVICE, "office", "options.source.device_id")
    assert raised.value.errors[0].field == "options.source.device_id"
