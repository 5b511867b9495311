"""Closing runs: listed, cancelled, and repeated under the same key."""

from __future__ import annotations

from pathlib import Path

from tests.core.invoices.billed import utility


async def test_runs_are_listed_newest_first(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        for period in ("2026-03", "2026-04", "2026-05"):
            await acme.call("POST", "/invoice-runs", {"period": period}, 202)
        first = await acme.call("GET", "/invoice-runs", limit="2")
        rest = await acme.call("GET", "/invoice-runs", limit="2", cursor=first["next_cursor"])
        assert [one["period"] for one in (*first["data"], *rest["data"])] == ["2026-05", "2026-04", "2026-03"]
        cancelled = await acme.call("POST", f"/invoice-runs/{first['data'][0]['id']}/cancel")
        assert cancelled["state"] == "cancelled"
        await acme.work()
        states = [one["state"] for one in (await acme.call("GET", "/invoice-runs"))["data"]]
        assert states == ["cancelled", "done", "done"]
        assert await acme.call("POST", f"/invoice-runs/{cancelled['id']}/cancel") == cancelled


async def test_a_request_that_is_repeated_starts_one_run(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        acme.api.headers["Idempotency-Key"] = "may"
        runs = [await acme.call("POST", "/invoice-runs", {"period": "2026-05"}, 202) for _ in range(2)]
        assert runs[0] == runs[1]
        del acme.api.headers["Idempotency-Key"]
        assert len((await acme.call("GET", "/invoice-runs"))["data"]) == 1
