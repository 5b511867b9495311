"""A server with customers to invoice, with the clock in hand, called over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.kit.ids import OrgId, Prefix, encode
from penstock.settings import load_settings
from tests.support.days import PassingClock
from tests.support.server import clean_environment

WATER = {"kind": "volume", "unit": "m3", "price": "2.00", "vat_rate": "10"}


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


class Utility:
    """An organisation that invoices, and its calls. Each raises if its answer is an error."""

    def __init__(self, server: Server, api: httpx.AsyncClient, clock: PassingClock, org_id: OrgId) -> None:
        self.server, self.api, self.clock, self.org_id = server, api, clock, org_id
        self.worker = server.parts.invoices.worker

    async def call(self, method: str, path: str, body: object = None, status: int | None = None, **query: str) -> Any:
        answer = await self.api.request(method, f"/api/v2{path}", json=body, params=query)
        assert answer.is_success if status is None else answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def customer(self, timezone: str = "UTC", **invoicing: object) -> str:
        name = secrets.token_hex(4)
        body = {"name": name, "admin_email": "a@example.org", "tenant_name": name, "timezone": timezone}
        made = await self.call("POST", "/customers", body)
        if invoicing:
            await self.call("PUT", f"/customers/{made['id']}/invoicing", invoicing)
        return str(made["id"])

    async def resident(self, customer: str, name: str = "Grace") -> str:
        body = {"name": name, "email": f"{secrets.token_hex(4)}@example.org"}
        return str((await self.call("POST", f"/customers/{customer}/residents", body))["id"])

    async def tariff(self, begin: str = "2020-01-01", currency: str = "EUR", **version: object) -> str:
        prices = version or {"items": [WATER]}
        body = {"name": "Water", "currency": currency, "from": begin, **prices}
        return str((await self.call("POST", "/tariffs", body))["id"])

    async def assign(self, customer: str, tariff: str, resident: str = "", **days: str) -> None:
        path = f"/customers/{customer}" + (f"/residents/{resident}" if resident else "")
        await self.call("PUT", f"{path}/tariffs", {"tariffs": [{"tariff_id": tariff, **days}]})

    async def meter(self, customer: str, resident: str = "", name: str = "Meter") -> str:
        made = (await self.call("POST", "/devices", {"name": name}))["device"]
        # A resident's begins when it is made, unless it says when they moved in.
        place = {"resident_id": resident, "from": "2020-01-01T00:00:00Z"} if resident else {"customer_id": customer}
        await self.call("PUT", f"/devices/{made['id']}/placement", place)
        return str(made["id"])

    async def read(self, meter: str, *rows: tuple[str, float]) -> None:
        """Store readings of a meter."""
        readings = [{"device_id": meter, "time": f"{time}Z", "data": {"consumption_m3": value}} for time, value in rows]
        await self.call("POST", "/telemetry", readings)

    async def read_daily(self, meter: str, first: str, days: int, start: float = 100.0, step: float = 1.0) -> None:
        """A reading at noon of each day, from a counter that goes on by a step a day."""
        noon = datetime.fromisoformat(f"{first}T12:00:00")
        await self.read(meter, *[((noon + timedelta(days=at)).isoformat(), start + step * at) for at in range(days)])

    async def close(self, period: str, *customers: str) -> Any:
        """Close a period, and return the run at its end."""
        run = await self.call("POST", "/invoice-runs", {"period": period, "customer_ids": list(customers) or None}, 202)
        await self.work()
        return await self.call("GET", f"/invoice-runs/{run['id']}")

    async def work(self) -> None:
        """What the worker does until nothing is left."""
        while await self.worker.step():
            pass

    async def invoices(self, **query: str) -> list[Any]:
        """The invoices, newest first, with their lines."""
        found = await self.call("GET", "/invoices", **query)
        return [await self.call("GET", f"/invoices/{one['id']}") for one in found["data"]]


@asynccontextmanager
async def utility(folder: Path, now: str = "2026-06-01T00:00:00") -> AsyncIterator[Utility]:
    clock = PassingClock(us(now))
    settings = load_settings(environment=clean_environment())
    async with open_server(DataDir(folder / "data"), settings, clock, run_workers=False) as server:
        made = await server.tenancy.bootstrap(secrets.token_hex(4), "a@example.org")
        transport = httpx.ASGITransport(app=server.app)
        headers = {"X-API-Key": made.key.value, "X-Organization-Id": encode(Prefix.ORGANIZATION, made.organization.id)}
        async with httpx.AsyncClient(transport=transport, base_url="http://penstock", headers=headers) as api:
            yield Utility(server, api, clock, made.organization.id)
