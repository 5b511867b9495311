"""A server that is killed while it closes a period and mails the invoices sends each to its buyer, under one message."""

from __future__ import annotations

import email
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.server import bootstrap_org, start_server
from tests.support.waiting import eventually

RESIDENTS, KILLS = 24, 5
SELLER = {"name": "Werke", "country": "DE", "vat_id": "DE123456789"}


def call(api: httpx.Client, method: str, path: str, body: object = None) -> Any:
    answer = api.request(method, f"/api/v2{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


def prepare(api: httpx.Client, month: datetime) -> None:
    call(api, "PUT", "/organization/billing-party", SELLER)
    customer = call(api, "POST", "/customers", {"name": "a", "admin_email": "a@b.example", "tenant_name": "a"})["id"]
    invoicing = {"target": "residents", "locale": "de-DE", "send_by_mail": True}
    call(api, "PUT", f"/customers/{customer}/invoicing", invoicing)
    prices = {"name": "Water", "currency": "EUR", "from": "2020-01-01", "items": [{"kind": "volume", "unit": "m3", "price": "2"}]}
    tariff = call(api, "POST", "/tariffs", prices)["id"]
    call(api, "PUT", f"/customers/{customer}/tariffs", {"tariffs": [{"tariff_id": tariff}]})
    readings = []
    for number in range(RESIDENTS):
        body = {"name": f"r{number}", "email": f"r{number}@example.org"}
        resident = call(api, "POST", f"/customers/{customer}/residents", body)["id"]
        device = call(api, "POST", "/devices", {"name": f"d{number}"})["device"]["id"]
        placement = {"resident_id": resident, "from": (month - timedelta(days=40)).isoformat()}
        placed = api.put(f"/api/v2/devices/{device}/placement", json=placement)
        if placed.status_code == 400:  # placements without dates
            call(api, "PUT", f"/devices/{device}/placement", {"resident_id": resident})
        for day in range(-1, 28):
            time = (month + timedelta(days=day, hours=12)).isoformat()
            readings.append({"device_id": device, "time": time, "data": {"consumption_m3": 100 + day}})
    call(api, "POST", "/telemetry", readings)


@pytest.mark.prove
def test_each_invoice_is_mailed_under_one_message_whenever_the_server_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    org = bootstrap_org(folder)
    month = (datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)).replace(day=1)
    server = start_server(folder)
    with server.client(org) as api:
        prepare(api, month)
        call(api, "POST", "/invoice-runs", {"period": f"{month:%Y-%m}"})

    def mails() -> list[Path]:
        return list((folder / "mail").glob("*.eml"))

    for kill in range(1, KILLS + 1):
        assert eventually(lambda: len(mails()) >= (kill - 1) * RESIDENTS // (KILLS + 1)), server.log()  # noqa: B023
        server.kill()
        server.process.stdout.close()  # type: ignore[union-attr]  # it was read when the server started
        server = start_server(folder)
    with server.client(org) as api:
        assert eventually(lambda: len(mails()) >= RESIDENTS)
        invoices = call(api, "GET", "/invoices?limit=100")["data"]
        assert len(invoices) == RESIDENTS

        def sent() -> list[tuple[str, str]]:
            entries = [call(api, "GET", f"/invoices/{one['id']}/mails")["data"] for one in invoices]
            return [(entry["to"], entry["state"]) for of_one in entries for entry in of_one]

        assert eventually(lambda: {state for _, state in sent()} == {"sent"})
        assert len(sent()) == RESIDENTS, "one mail for each invoice"
    assert server.stop() == 0
    server.process.stdout.close()  # type: ignore[union-attr]
    to = Counter(str(email.message_from_bytes(path.read_bytes())["To"]) for path in mails())
    assert to == Counter(f"r{number}@example.org" for number in range(RESIDENTS))
