"""The list of customers, which has no pages."""

from __future__ import annotations

import pytest

from penstock.api.dialects.datakubo import routes
from penstock.api.dialects.datakubo.examples import CREATE_CUSTOMER
from tests.support.in_process import InProcessServer


def test_the_list_is_whole(in_process: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 2)
    with in_process.client(in_process.orgs["Acme"]) as api:
        for number in range(5):
            names = {"name": f"Whole {number}", "tenant_name": f"whole-{number}"}
            answer = api.post("/api/v1/customers", json=CREATE_CUSTOMER | names)
            assert answer.status_code == 201, answer.text
        found = [one["name"] for one in api.get("/api/v1/customers").json()["data"]]
        assert [name for name in found if name.startswith("Whole")] == [f"Whole {number}" for number in range(5)]
