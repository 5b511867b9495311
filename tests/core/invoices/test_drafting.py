"""What readers of an invoice have to know, and what holds it: suspect, estimated and missing consumption."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from penstock.bootstrap.invoices import build_invoices
from penstock.core.invoices.errors import ValuesSuspect
from penstock.core.meters.models import Quality
from penstock.core.meters.usage import AccountKey, MeterUsage
from penstock.core.registers.models import NANO, RegisterKind
from penstock.kit.ids import DeviceId, OrgId
from penstock.settings import load_settings
from tests.core.invoices.billed import Utility, us, utility
from tests.support.server import clean_environment

USAGE = MeterUsage(
    device_id=DeviceId(1),
    device_name="Meter",
    eui="70b3d57ed0061f2a",
    serial="S1",
    register="volume",
    kind=RegisterKind.VOLUME,
    unit="L",
    decimals=0,
    begin_us=0,
    end_us=0,
    first=100 * NANO,
    last=110 * NANO,
    amount=10 * NANO,
    estimated=0,
    quality=Quality.MEASURED,
)


class GivenUsage:
    """Implements `UsageReader`: the given usages, in every period."""

    def __init__(self, *usages: MeterUsage) -> None:
        self.usages = usages

    async def of_accounts(
        self, org_id: OrgId, accounts: Sequence[AccountKey], begin_us: int, end_us: int, timezone: str
    ) -> list[list[MeterUsage]]:
        return [[msgspec.structs.replace(one, begin_us=begin_us, end_us=end_us) for one in self.usages] for _ in accounts]


def using(acme: Utility, *usages: MeterUsage) -> None:
    """Let the server compute from the given usages."""
    settings = load_settings(environment=clean_environment())
    acme.worker = build_invoices(acme.server, settings, GivenUsage(*usages)).worker


def usage(**fields: object) -> MeterUsage:
    return msgspec.structs.replace(USAGE, **fields)


async def test_suspect_values_hold_an_invoice_until_a_person_releases_it(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer = await acme.customer(target="customer", hold_if_suspect=True)
        await acme.assign(customer, await acme.tariff())
        using(acme, usage(suspects=2), usage(device_id=DeviceId(2), suspects=1))
        run = await acme.close("2026-05")
        assert (run["issued"], run["problems"][0]["code"]) == (0, ValuesSuspect.code)
        (held,) = (await acme.call("GET", "/invoice-holds"))["data"]
        assert (held["state"], held["reason"][:28]) == ("held", "suspect values in 2026-05: 3")
        released = await acme.call("POST", f"/invoice-holds/{held['id']}/release", status=202)
        assert (released["state"], released["released_by"]) == ("released", "first key")
        await acme.work()
        (invoice,) = await acme.invoices()
        assert (invoice["notes"]["suspects"], invoice["net"]) == (3, "40.00")
        assert (await acme.call("GET", "/invoice-holds"))["data"] == []
        again = await acme.call("POST", f"/invoice-holds/{held['id']}/release", status=404)
        assert again["code"] == "invoices.hold_not_found"


async def test_a_real_zero_holds_an_invoice_until_it_is_resolved(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T12:00:00") as acme:
        customer = await acme.customer(target="customer", hold_if_suspect=True)
        await acme.assign(customer, await acme.tariff())
        meter = await acme.meter(customer)
        await acme.read_daily(meter, "2026-04-30", 33)
        await acme.read(meter, ("2026-04-30T13:00:00", 0.0), ("2026-05-10T13:00:00", 0.0), ("2026-06-01T13:00:00", 0.0))
        assert (await acme.close("2026-05"))["problems"][0]["code"] == ValuesSuspect.code
        (held,) = (await acme.call("GET", "/invoice-holds"))["data"]
        assert held["reason"][:28] == "suspect values in 2026-05: 1", "those of April and June are not of this period"
        void = {"kind": "void", "time": "2026-05-10T13:00:00Z", "reason": "The pulse counter restarted"}
        await acme.call("POST", f"/devices/{meter}/meter/edits", void)
        assert (await acme.close("2026-05"))["issued"] == 1
        (invoice,) = await acme.invoices()
        assert (invoice["notes"]["suspects"], invoice["net"]) == (0, "62.00")


async def test_notes_name_estimated_and_missing_meters(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer = await acme.customer(target="customer")
        await acme.assign(customer, await acme.tariff())
        silent = usage(device_id=DeviceId(2), device_name="Silent", amount=None, quality=Quality.MISSING)
        guessed = usage(device_id=DeviceId(3), device_name="Guessed", estimated=NANO, quality=Quality.INTERPOLATED)
        using(acme, usage(suspects=1), silent, guessed)
        await acme.close("2026-05")
        (invoice,) = await acme.invoices()
        assert invoice["notes"] == {"estimated": ["Guessed"], "missing": ["Silent"], "suspects": 1}
        meters = [one["meter"] for one in invoice["lines"]]
        assert [(one["name"], one["first"], one["last"], one["unit"], one["serial"]) for one in meters] == [
            ("Guessed", "100000", "110000", "L", "S1"),
            ("Meter", "100000", "110000", "L", "S1"),
            ("Silent", "100000", "110000", "L", "S1"),
        ]
        acme.clock.us = us("2026-07-02T00:00:00")
        found = usage(device_id=DeviceId(2), device_name="Silent", amount=3 * NANO)
        using(acme, usage(), found, guessed)
        await acme.close("2026-06")
        corrections = [one for one in (await acme.invoices())[0]["lines"] if one["kind"] == "correction"]
        assert [(one["meter"]["name"], one["quantity"], one["reason"]) for one in corrections] == [
            ("Silent", "3", "estimated values")
        ]
