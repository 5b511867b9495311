"""The organisation's key over real HTTP: shown without the key, rotated, and destroyed only by name."""

from __future__ import annotations

import httpx

from tests.support.server import RunningServer, bootstrap_org

KEYS = "/api/v2/vault/keys"


def test_a_key_is_shown_rotated_and_destroyed(server: RunningServer) -> None:
    org = bootstrap_org(server.data_dir, "Vaulted")
    with server.client(org) as api:
        empty = api.get(KEYS)
        assert (empty.status_code, empty.json()["current"], empty.json()["versions"]) == (200, 0, [])
        for number in (1, 2):
            rotated = api.post(f"{KEYS}/rotate")
            assert (rotated.status_code, rotated.json()["current"]) == (200, number)
        shown = api.get(KEYS).json()
        assert [one["version"] for one in shown["versions"]] == [1, 2]
        assert (shown["stale_values"], shown["master"], shown["shredded_up_to"], shown["shredded_at"]) == (0, "file", None, None)
        refused(api)
        done = api.post(f"{KEYS}/shred", json={"organization_name": "Vaulted"})
        assert (done.status_code, done.json()["current"], done.json()["shredded_up_to"]) == (200, 0, 2)
        assert done.json()["shredded_at"].endswith("Z")
        assert api.post(f"{KEYS}/rotate").json()["current"] == 3
        actions = [one["action"] for one in api.get("/api/v2/logs", params={"action": "vault.*"}).json()["data"]]
        assert actions == ["vault.keys.rotate", "vault.keys.shred", "vault.keys.rotate", "vault.keys.rotate"]


def refused(api: httpx.Client) -> None:
    for body, code in (
        ({"organization_name": "vaulted"}, "vault.name_not_repeated"),
        ({"organization_name": ""}, "vault.name_not_repeated"),
        ({}, None),
        ({"organization_name": "Vaulted", "force": True}, None),
        ({"organization_name": 7}, None),
    ):
        answer = api.post(f"{KEYS}/shred", json=body)
        assert answer.status_code == 400, answer.text
        if code:
            assert answer.json()["code"] == code
    assert api.get(KEYS).json()["current"] == 2


def test_each_call_needs_its_scope(server: RunningServer) -> None:
    org = bootstrap_org(server.data_dir, "Scoped")
    with server.client(org) as api:
        key = api.post("/api/v2/keys", json={"name": "reader", "scopes": ["secrets:read"]}).json()["value"]
        headers = {"X-API-Key": key}
        assert api.get(KEYS, headers=headers).status_code == 200
        assert api.post(f"{KEYS}/rotate", headers=headers).status_code == 403
        key = api.post("/api/v2/keys", json={"name": "writer", "scopes": ["secrets:write"]}).json()["value"]
        headers = {"X-API-Key": key}
        assert api.post(f"{KEYS}/rotate", headers=headers).status_code == 200
        assert api.post(f"{KEYS}/shred", json={"organization_name": "Scoped"}, headers=headers).status_code == 403
