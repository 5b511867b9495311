"""What device calls of dialects store readings with."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.core.actor import Actor
from penstock.core.devices.errors import DeviceTokenInvalid
from penstock.core.devices.models import NewDevice
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.errors import BackfillPaced
from penstock.core.telemetry.models import NewReading
from penstock.ingress.http.admission import Admission
from penstock.ingress.http.intake import HttpIntake
from penstock.kit.client import ClientAddress
from penstock.kit.clock import HOUR_US
from penstock.settings import load_settings
from tests.support.days import HeldClock

NARROW = {"PENSTOCK_LIMITS_BACKFILL_PER_SECOND": "1", "PENSTOCK_LIMITS_BACKFILL_BURST": "1"}


async def test_a_reading_is_stored_for_the_device_of_a_token_and_an_old_one_is_paced(tmp_path: Path) -> None:
    settings, clock = load_settings(environment=NARROW | {"PENSTOCK_LIMITS_BACKFILL_MAX_DELAY_S": "0"}), HeldClock()
    async with open_server(DataDir(tmp_path / "data"), settings, clock, run_workers=False) as server:
        org = (await server.tenancy.bootstrap("Acme", "ada@example.org")).organization
        made = await server.devices.create(Actor.system(org.id), NewDevice(name="Pump"))
        admission = Admission(server.gate, ClientAddress([]), server.limits, server.calls, server.directory)
        intake = HttpIntake(server.telemetry, admission, BackfillLane(settings.limits, server.ledger, clock))
        await intake.wait_for_room()
        device = await intake.device(made.access_token.encode())
        assert device.id == made.device.id
        with pytest.raises(DeviceTokenInvalid):
            await intake.device(b"tok_nobodys")
        stored = await intake.store(NewReading(device, b'{"n":1}'))
        assert (stored.device_id, stored.duplicate) == (device.id, False)
        old = clock.now_us() - HOUR_US
        await intake.store(NewReading(device, b'{"n":2}', old))

        async def flush() -> None:
            for number in range(3, 9):
                await intake.store(NewReading(device, b'{"n":%d}' % number, old))

        with pytest.raises(BackfillPaced):
            await flush()
