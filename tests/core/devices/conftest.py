"""Services of devices over a real control database in a folder of the test; only the clock is held in hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from penstock.bootstrap import DataDir, open_control
from penstock.bootstrap.server import Control
from penstock.core.actor import Actor
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.devices.connectivity_service import ConnectivityRecorder, ConnectivityService
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.history_service import DeviceEventService
from penstock.core.devices.models import Device, NewDevice
from penstock.core.devices.sensors import SensorService
from penstock.core.devices.service import DeviceService
from penstock.core.profiles.service import ProfileService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import IdSource
from penstock.settings import load_settings
from tests.support.days import HeldClock

PLANS = "[plans.small]\ndevice_limit = 2\n"


class Bench(msgspec.Struct, kw_only=True):
    """What the tests of devices work with. `actor` is the system in Acme, `stranger` in another organisation."""

    control: Control
    clock: HeldClock
    ids: IdSource
    actor: Actor
    stranger: Actor
    plans: PlanCatalogue
    directory: DeviceDirectory
    devices: DeviceService
    sensors: SensorService
    profiles: ProfileService
    notes: ConnectivityRecorder
    connectivity: ConnectivityService
    events: DeviceEventService

    async def make(self, wanted: NewDevice | None = None) -> Device:
        """A device of Acme."""
        return (await self.devices.create(self.actor, wanted or NewDevice(name="pump"))).device

    async def put_on(self, plan: str) -> None:
        """Put Acme on another plan."""
        await self.control.subscriptions.set_plan("Acme", plan)
        self.plans.drop(self.actor.org_id)

    async def acts(self) -> list[str]:
        """What the audit log of Acme says was done since its creation, oldest first."""
        async with self.control.database.snapshot(self.actor.org_id) as tx:
            return [entry.action for entry in await tx.audit.oldest(AuditFilter(), 100, 1)]

    async def topics(self) -> list[str]:
        """The events of every organisation that wait, oldest first."""
        async with self.control.database.system_snapshot() as tx:
            return [entry.topic for entry in await tx.outbox.next(100)]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    file = tmp_path / "settings.toml"
    file.write_text(PLANS)
    settings, data_dir, clock = load_settings(file, environment={}), DataDir(tmp_path / "data"), HeldClock()
    async with open_control(data_dir, settings, clock) as control:
        database, ids, trail, pepper = control.database, IdSource(clock.now_us), AuditTrail(clock), data_dir.pepper()
        actors = [
            Actor.system((await control.tenancy.bootstrap(name, f"{name}@example.org")).organization.id)
            for name in ("Acme", "Other")
        ]
        directory, plans = DeviceDirectory(database, pepper), PlanCatalogue(database, settings.plans)
        yield Bench(
            control=control,
            clock=clock,
            ids=ids,
            actor=actors[0],
            stranger=actors[1],
            plans=plans,
            directory=directory,
            devices=DeviceService(
                database=database,
                directory=directory,
                plans=plans,
                pepper=pepper,
                trail=trail,
                ids=ids,
                clock=clock,
                offline_after_us=HOUR_US,
            ),
            sensors=SensorService(database=database, directory=directory, trail=trail, ids=ids, clock=clock),
            profiles=ProfileService(database=database, trail=trail, ids=ids, clock=clock),
            notes=ConnectivityRecorder(ids),
            connectivity=ConnectivityService(database),
            events=DeviceEventService(database, directory),
        )
