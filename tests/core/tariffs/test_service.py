"""Tariffs over HTTP: versions, assignments, and what is refused."""

from __future__ import annotations

from pathlib import Path

from tests.core.invoices.billed import WATER, utility


async def test_versions_follow_one_another(tmp_path: Path) -> None:
    async with utility(tmp_path) as acme:
        tariff = await acme.tariff("2026-01-01")
        path = f"/tariffs/{tariff}"
        for begin, more in (("2026-07-01", {}), ("2025-01-01", {"to": "2025-07-01"})):
            await acme.call("POST", f"{path}/versions", {"from": begin, "items": [WATER], **more}, 201)
        found = await acme.call("GET", path)
        assert [(one["from"], one["to"]) for one in found["versions"]] == [
            ("2025-01-01", "2025-07-01"),
            ("2026-01-01", None),
            ("2026-07-01", None),
        ]
        taken = await acme.call("POST", f"{path}/versions", {"from": "2026-07-01", "items": [WATER]}, 409)
        assert taken["code"] == "tariffs.version_exists"
        overlap = {"from": "2026-03-01", "to": "2026-08-01", "items": [WATER]}
        refused = await acme.call("POST", f"{path}/versions", overlap, 400)
        assert refused["errors"][0]["field"] == "to"
        assert len((await acme.call("DELETE", f"{path}/versions/2025-01-01"))["versions"]) == 2
        assert (await acme.call("DELETE", f"{path}/versions/2025-01-01", status=404))["code"] == "tariffs.version_not_found"
        await acme.call("DELETE", f"{path}/versions/2026-07-01")
        assert (await acme.call("DELETE", f"{path}/versions/2026-01-01", status=409))["code"] == "tariffs.last_version"


async def test_a_tariff_that_is_assigned_stays(tmp_path: Path) -> None:
    async with utility(tmp_path) as acme:
        customer, tariff = await acme.customer(), await acme.tariff()
        resident = await acme.resident(customer)
        await acme.assign(customer, tariff, **{"from": "2026-01-01"})
        await acme.assign(customer, tariff, resident)
        own = await acme.call("GET", f"/customers/{customer}/residents/{resident}/tariffs")
        assert [(one["tariff_id"], one["from"], one["to"]) for one in own["tariffs"]] == [(tariff, None, None)]
        of_customer = await acme.call("GET", f"/customers/{customer}/tariffs")
        assert [one["from"] for one in of_customer["tariffs"]] == ["2026-01-01"]
        assert (await acme.call("DELETE", f"/tariffs/{tariff}", status=409))["code"] == "tariffs.in_use"
        await acme.call("PUT", f"/customers/{customer}/tariffs", {"tariffs": []})
        await acme.call("DELETE", f"/customers/{customer}/residents/{resident}")
        await acme.call("DELETE", f"/tariffs/{tariff}", status=204)
        assert (await acme.call("GET", f"/tariffs/{tariff}", status=404))["code"] == "tariffs.not_found"
        body = {"tariffs": [{"tariff_id": tariff}]}
        assert (await acme.call("PUT", f"/customers/{customer}/tariffs", body, 404))["code"] == "tariffs.not_found"


async def test_a_tariff_is_renamed_and_listed(tmp_path: Path) -> None:
    async with utility(tmp_path) as acme:
        first, second = await acme.tariff(), await acme.tariff(currency="KWD")
        renamed = await acme.call("PATCH", f"/tariffs/{first}", {"name": "Town water"})
        assert renamed["name"] == "Town water"
        page = await acme.call("GET", "/tariffs", limit="1")
        rest = await acme.call("GET", "/tariffs", limit="1", cursor=page["next_cursor"])
        assert [one["id"] for one in (*page["data"], *rest["data"])] == [first, second]
        audit = (await acme.call("GET", "/logs", action="tariff.*"))["data"]
        assert [one["action"] for one in audit] == ["tariff.update", "tariff.create", "tariff.create"]
