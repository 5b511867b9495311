"""Closing runs and holds that are refused, over HTTP."""

from __future__ import annotations

import httpx


def test_runs_that_are_refused(api: httpx.Client) -> None:
    for body, status, code in (
        ({"period": "2026-13"}, 400, "request.invalid"),
        ({"period": "2026-05", "customer_ids": []}, 400, "request.invalid"),
        ({"period": "2026-05", "customer_ids": ["res_0c2k9fq7w3r8d"]}, 400, "request.invalid"),
        ({"period": "2026-05", "customer_ids": ["cus_0c2k9fq7w3c5d"]}, 404, "customers.not_found"),
    ):
        answer = api.post("/api/v2/invoice-runs", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_unknown_ids(api: httpx.Client) -> None:
    assert api.get("/api/v2/invoice-runs/ivr_0c2k9fq7w3v2r").json()["code"] == "invoices.run_not_found"
    assert api.post("/api/v2/invoice-runs/x/cancel").json()["code"] == "invoices.run_not_found"
    assert api.post("/api/v2/invoice-holds/ivh_0c2k9fq7w3v3h/release").json()["code"] == "invoices.hold_not_found"
