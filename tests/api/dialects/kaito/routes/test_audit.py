"""The audit log as Kaito's clients ask for it."""

from __future__ import annotations

import csv
import io
import json

import httpx

from tests.api.v2.audit.test_routes import hash_of
from tests.api.v2.keys.test_routes import make
from tests.support.server import Org, RunningServer


def test_a_query_and_exports(server: RunningServer, api: httpx.Client, acme: Org) -> None:
    make(api)
    made = make(api, name="kaito-audit")
    headers = {"Authorization": f"Bearer {acme.api_key}"}
    with httpx.Client(base_url=server.base_url, headers=headers) as kaito:
        answer = kaito.get("/v1/audit", params={"action": "apikey.create", "target": "key:kaito-audit", "since": "7d"})
        assert [sorted(row) for row in answer.json()] == [["action", "ip", "target", "ts", "user"]]
        assert answer.json()[0]["target"] == "key:kaito-audit"
        assert kaito.get("/v1/audit", params={"since": "7x"}).json()["error"]["code"] == "invalid_request"
        lines = kaito.get("/v1/audit", params={"format": "ndjson", "target": f"key:{made['key']['id']}"}).text.splitlines()
        assert [hash_of(json.loads(line)) for line in lines] == [json.loads(line)["hash"] for line in lines]
        table = list(csv.DictReader(io.StringIO(kaito.get("/v1/audit", params={"format": "csv"}).text)))
        assert {"seq", "user", "ip", "hash"} <= table[0].keys()
        page = kaito.get("/v1/audit", params={"limit": "1"})
        following = kaito.get("/v1/audit", params={"limit": "1", "cursor": page.headers["x-next-cursor"]})
        assert page.json() != following.json()
    refused = httpx.get(f"{server.base_url}/v1/audit")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthenticated")
