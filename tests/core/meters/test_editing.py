"""Edits of values: of the register and version of their time, and how many there can be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.core.meters import editing
from penstock.core.meters.editing import NewEdit
from penstock.core.meters.errors import TooManyEdits
from penstock.core.meters.events import VALUE_EDITED, ValueEdited
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.store import EditFilter
from penstock.core.meters.values import EditKind
from penstock.core.registers.models import Register, Source
from penstock.kit.errors import InvalidInput
from tests.core.meters.sites import add_meter
from tests.support.commands import Site, open_site
from tests.support.days import NOON_US

LITRES = Register(sources=(Source(field="l", unit="L"),), unit="L", from_us=NOON_US)
GALLONS = Register(name="gallons", sources=(Source(field="g", unit="gal"),), unit="gal")


def added(**about: Any) -> NewEdit:
    known: dict[str, Any] = {"register": None, "kind": EditKind.ADD, "time_us": NOON_US, "value": Decimal(7), "reason": "read"}
    return NewEdit(**known | about)


async def events(site: Site) -> list[ValueEdited]:
    async with site.server.database.system_snapshot() as tx:
        entries = [entry for entry in await tx.outbox.next(100) if entry.topic == VALUE_EDITED]
    return [msgspec.json.decode(entry.body, type=ValueEdited) for entry in entries]


async def test_a_value_is_in_the_unit_of_its_register(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        meter, meters = await add_meter(site, []), site.server.parts.meters
        await meters.setup.set(site.actor, meter, MeterSettings(own=(LITRES, GALLONS)))
        found = await meters.editing.create(site.actor, meter, added(value=Decimal("12345.6")))
        assert (found.edit.register, found.edit.counter, found.value, found.unit) == (
            "volume",
            12_345_600_000,
            Decimal("12345.6"),
            "L",
        )
        other = await meters.editing.create(site.actor, meter, added(register="gallons", value=Decimal(1)))
        assert (other.edit.counter, other.unit) == (3_785_412, "gal"), "a gallon is 3.785411784 L"
        with pytest.raises(InvalidInput) as raised:
            await meters.editing.create(site.actor, meter, added(time_us=NOON_US - 1))
        assert raised.value.errors[0].field == "time", "the register was not valid yet"
        first, second = await events(site)
        assert (first.value, first.unit, first.withdrawn, first.edit_id) == ("12345.6", "L", False, found.edit.id)
        withdrawn = await meters.editing.withdraw(site.actor, meter, other.edit.id, "another meter")
        assert (withdrawn.edit.withdrawn_reason, (await events(site))[-1].withdrawn) == ("another meter", True)
        assert second.register == "gallons"
        await meters.setup.reset(site.actor, meter)
        shown = await meters.editing.list(site.actor, meter, EditFilter(), 10, None)
        assert [(one.unit, one.value) for one in shown.items] == [("", None), ("m3", Decimal("12.3456"))]


async def test_a_device_has_a_bounded_number_of_edits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "MAX_EDITS", 1)
    async with open_site(tmp_path, run_workers=False) as site:
        meter, meters = await add_meter(site, []), site.server.parts.meters
        first = await meters.editing.create(site.actor, meter, added())
        with pytest.raises(TooManyEdits):
            await meters.editing.create(site.actor, meter, added(time_us=NOON_US + 1))
        await meters.editing.withdraw(site.actor, meter, first.edit.id, "wrong")
        await meters.editing.create(site.actor, meter, added(time_us=NOON_US + 1))
