"""The states of devices, with alerts for those who may see them."""

from __future__ import annotations

from typing import cast

from penstock.core.actor import Actor, ActorKind
from penstock.core.dashboards.shown import Shown
from penstock.core.dashboards.states import StateReader
from penstock.core.devices.models import Device
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import SECOND_US
from tests.core.dashboards.kept import Kept
from tests.core.dashboards.readings import Readings, nobody
from tests.support.shelf import Shelf

SPAN = TimeRange(from_us=0, to_us=99)


class Seen:
    """Knows no later sign of a device than is stored."""

    def with_last_seen(self, device: Device) -> Device:
        return device


async def test_states_of_devices(shelf: Shelf) -> None:
    kept = Kept(shelf)
    reader = StateReader(
        database=shelf.database,
        telemetry=Readings((5, {"t": 4})).service,
        latest=cast(LatestReadings, Seen()),
        clock=kept.clock,
        offline_after_us=SECOND_US,
    )
    of = Shown(device_id="dev_1", device=await kept.device(1))
    first, second = await reader.read(kept.actor, [of, nobody()], "t", SPAN)
    assert (first.connectivity, first.alerts, first.severity) == ("never", 0, None)
    assert first.value is not None
    assert (first.value.value, first.value.time_us, first.value.name) == (4, 5, "t")
    assert (second.connectivity, second.alerts, second.value) == (None, None, None)
    blind = Actor(org_id=shelf.acme, kind=ActorKind.KEY, id=1)
    (state,) = await reader.read(blind, [of], None, SPAN)
    assert (state.alerts, state.value) == (None, None)
