"""Kaito's lengths of time, with the clock in hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import httpx

from penstock.bootstrap import DataDir, open_server
from penstock.core.actor import Actor
from penstock.core.devices.models import NewDevice
from penstock.kit.clock import HOUR_US
from penstock.settings import load_settings
from tests.support.days import HeldClock


async def test_hours_and_days_before_now(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_server(DataDir(tmp_path / "data"), load_settings(environment={}), clock, run_workers=False) as server:
        made = await server.tenancy.bootstrap("Acme", "ada@example.org")
        await server.devices.create(Actor.system(made.organization.id), NewDevice(name="Pump"))
        clock.us += 13 * HOUR_US
        transport = httpx.ASGITransport(cast("Any", server.app))
        headers = {"Authorization": f"Bearer {made.key.value}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://penstock", headers=headers) as kaito:
            for field, length, count in (
                ("since", "12h", 0),
                ("since", "14h", 1),
                ("since", "1d", 1),
                ("until", "12h", 1),
                ("until", "14h", 0),
                ("until", "1d", 0),
            ):
                answer = await kaito.get("/v1/audit", params={field: length, "action": "device.create"})
                assert len(answer.json()) == count, (field, length)
