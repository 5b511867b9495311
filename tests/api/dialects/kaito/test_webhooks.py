"""Webhook endpoints as Kaito's clients make them."""

from __future__ import annotations

import httpx
import pytest

from penstock.api.dialects.kaito import webhooks
from tests.api.v2.webhooks.test_routes import HOOK, PATH
from tests.support.in_process import InProcessServer


def test_endpoints(api: httpx.Client) -> None:
    made = api.post("/v1/webhooks/endpoints", json={"url": HOOK["url"], "secret": None, "events": ["audit.event"]})
    assert made.status_code == 201
    assert made.headers["x-trace-id"] == made.headers["x-request-id"]
    assert set(made.json()) == {"endpoint", "secret"}
    endpoint = made.json()["endpoint"]
    assert set(endpoint) == {"endpointId", "url", "events", "enabled", "createdAt"}
    assert endpoint["endpointId"].startswith("whk_")
    assert made.json()["secret"].startswith("whsec_")
    listed = api.get("/v1/webhooks/endpoints")
    assert endpoint in listed.json()["endpoints"]
    assert made.json()["secret"] not in listed.text
    native = api.get(f"{PATH}/{endpoint['endpointId'].replace('whk_', 'whe_')}").json()
    assert (native["format"], native["topics"]) == ("kaito", ["audit.event"])
    topics = api.get("/v1/webhooks/event-types").json()["eventTypes"]
    wanted = {"sms.inbound", "sms.delivery_status", "audit.event", "token.permission.changed", "billing.subscription.updated"}
    assert wanted <= set(topics)
    refused = api.post("/v1/webhooks/endpoints", json={"url": "https://127.0.0.1/", "events": ["audit.event"]})
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "invalid_request"


def test_the_list_is_whole(in_process: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "_AT_ONCE", 2)
    with in_process.client(in_process.orgs["Acme"]) as api:
        before = api.get("/v1/webhooks/endpoints").json()["endpoints"]
        body = {"url": HOOK["url"], "events": ["audit.event"]}
        made = [api.post("/v1/webhooks/endpoints", json=body).json()["endpoint"] for _ in range(5)]
        assert api.get("/v1/webhooks/endpoints").json()["endpoints"] == [*reversed(made), *before]
