"""A re-decode reaches the invoices that were made with the values it changed."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from pathlib import Path

from tests.core.invoices.billed import us, utility

SCRIPT = "function decodeUplink(input) {{ return {{data: {{volume: (input.bytes[0] << 8 | input.bytes[1]) * {0}}}}}; }}"
EUI = "70b3d57ed0061f2b"


async def test_uplinks_that_are_decoded_again_correct_what_was_billed(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T12:00:00") as acme:
        profile = (await acme.call("POST", "/profiles", {"name": "P", "registers": [{"field": "volume", "unit": "m3"}]}))["id"]
        await acme.call("POST", f"/profiles/{profile}/codec-versions", {"script": SCRIPT.format(1)})
        new = {"name": "Meter", "profile_id": profile, "identifiers": [{"kind": "eui", "value": EUI}]}
        meter = (await acme.call("POST", "/devices", new))["device"]["id"]
        customer = await acme.customer(target="customer")
        await acme.assign(customer, await acme.tariff())
        await acme.call("PUT", f"/devices/{meter}/placement", {"customer_id": customer})
        made = await acme.call("POST", "/connections", {"type": "lorawan_http", "name": "Network"})
        acme.api.headers["X-Connection-Secret"] = made["secret"]
        for day in range(33):
            at = datetime.fromisoformat("2026-04-30T12:00:00+00:00") + timedelta(days=day)
            data = base64.b64encode((1000 + day).to_bytes(2, "big")).decode()
            uplink = {"deviceInfo": {"devEui": EUI}, "time": at.isoformat(), "fPort": 1, "fCnt": day, "data": data}
            await acme.call("POST", f"/ingest/{made['connection']['id']}", uplink, event="up")
        await acme.close("2026-05")
        await acme.call("POST", f"/profiles/{profile}/codec-versions", {"script": SCRIPT.format(3)})
        await acme.call("POST", "/redecodes", {"profile_id": profile})
        while await acme.server.parts.redecodes.runner.step():
            pass
        acme.clock.us = us("2026-07-02T00:00:00")
        await acme.close("2026-06")
        june, may = await acme.invoices()
        (line,) = [one for one in june["lines"] if one["kind"] == "correction"]
        assert (may["lines"][0]["quantity"], line["quantity"]) == ("31", "62")
        assert "redecode" in line["reason"]
