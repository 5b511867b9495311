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


def test_a_caller_who_does_not_manage_keys_sees_their_own(in_process: InProcessServer) -> None:
    acme = in_process.orgs["Acme"]
    with in_process.client(acme) as api:
        new = api.post("/api/v2/keys", json={"name": "profile alone", "scopes": ["profile:read"]}).json()
        api.headers["X-API-Key"] = new["value"]
        assert [key["id"] for key in api.get("/v1/account/keys").json()["data"]] == [new["key"]["id"]]
        api.headers.pop("X-API-Key")
        signed_in = api.post("/api/v2/auth/sign-in", json={"email": acme.user_email, "password": acme.user_password}).json()
        api.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        assert new["key"]["id"] in {key["id"] for key in api.get("/v1/account/keys").json()["data"]}
