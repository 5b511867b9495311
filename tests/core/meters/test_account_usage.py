"""What accounts used, from the meters that they have now."""

from __future__ import annotations

from pathlib import Path

from penstock.bootstrap.meters import build_usage
from penstock.core.meters.models import Quality
from penstock.core.meters.registers import NANO
from penstock.kit.ids import CustomerId, Prefix, decode
from tests.core.invoices.billed import us, utility


async def test_usage_has_the_counter_at_both_ends(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer = await acme.customer()
        await acme.read_daily(await acme.meter(customer), "2026-04-30", 33, step=0.125)
        reader = build_usage(acme.server)
        customer_id = decode(Prefix.CUSTOMER, customer) or CustomerId(0)
        (found,) = await reader.of_account(acme.org_id, customer_id, None, us("2026-05-01T00:00:00"), us("2026-06-01T00:00:00"))
        assert (found.first, found.last, found.amount) == (100 * NANO, 103_875_000_000, 3_875_000_000)
        assert (found.quality, found.estimated) == (Quality.MEASURED, 0)
