"""The list of API keys, which has no pages."""

from __future__ import annotations

import pytest

from penstock.api.dialects.siliconwit import routes
from tests.support.in_process import InProcessServer


def test_the_list_is_whole(in_process: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 2)
    with in_process.client(in_process.orgs["Acme"]) as api:
        for number in range(5):
            answer = api.post("/api/v2/keys", json={"name": f"key {number}", "scopes": ["devices:read"]})
            assert answer.status_code == 201, answer.text
        names = [key["name"] for key in api.get("/v1/account/keys").json()["data"]]
        assert names[:5] == [f"key {number}" for number in (4, 3, 2, 1, 0)]
