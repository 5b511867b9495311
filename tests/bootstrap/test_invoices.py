"""A run that is requested is carried out at once, and not at the next interval."""

from __future__ import annotations

import httpx

from tests.support.waiting import awaited


def test_the_worker_is_woken_by_a_run(api: httpx.Client) -> None:
    run = api.post("/api/v2/invoice-runs", json={"period": "2026-05"}).raise_for_status().json()

    def done() -> object:
        found = api.get(f"/api/v2/invoice-runs/{run['id']}").json()
        return found if found["state"] == "done" else None

    assert awaited(done, within_s=30)
