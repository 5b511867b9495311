"""SMS in Kaito's form: bare objects and arrays, its ids, its errors, and the limit of its group."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from penstock.core.inboxes.models import Content, IncomingMail
from tests.support.in_process import InProcessServer
from tests.support.inboxes import PEER, fresh_number, receives
from tests.support.server import Org


@pytest.fixture
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


@pytest.fixture
def number(api: httpx.Client) -> str:
    found: str = api.post("/api/v2/inbox/addresses", json={"value": fresh_number(), "label": "CI"}).json()["value"]
    return found


def test_received_sms(in_process: InProcessServer, org: Org, api: httpx.Client, number: str) -> None:
    for name in ("a", "b", "c"):
        receives(in_process, org, number, f"text {name}", name)
    page = api.get("/v1/sms", params={"number": number, "since": "1d", "limit": 2, "from": PEER})
    assert [one["body"] for one in page.json()] == ["text c", "text b"]
    rest = api.get("/v1/sms", params={"limit": 2, "cursor": page.headers["x-next-cursor"]})
    assert [one["body"] for one in rest.json()] == ["text a"]
    assert "x-next-cursor" not in rest.headers
    one = page.json()[0]
    assert list(one) == ["id", "number", "from", "to", "body", "code", "direction", "status", "received_at", "created_at"]
    assert one["id"].startswith("sms_")
    assert (one["number"], one["direction"], one["status"]) == (number, "inbound", "received")
    assert api.get(f"/v1/sms/{one['id']}").json() == one
    assert api.get("/v1/sms", params={"until": "1d"}).json() == []


def test_sent_sms(api: httpx.Client, number: str) -> None:
    answer = api.post("/v1/sms", json={"from": number, "to": PEER, "body": "Hello"})
    assert answer.status_code == 202
    assert answer.json() == {"id": answer.json()["id"], "status": "queued"}
    sent = api.get(f"/v1/sms/{answer.json()['id']}").json()
    assert (sent["direction"], sent["received_at"], sent["to"]) == ("outbound", None, PEER)


def test_numbers(api: httpx.Client, number: str) -> None:
    (found,) = api.get("/v1/sms/numbers").json()
    assert (list(found), found["number"], found["label"]) == (["number", "label", "created_at"], number, "CI")


def test_the_next_sms(in_process: InProcessServer, org: Org, api: httpx.Client, number: str) -> None:
    assert api.get("/v1/sms/next", params={"number": number, "timeout": 0}).status_code == 204
    first = receives(in_process, org, number, "one", "a")
    receives(in_process, org, number, "two", "b")
    before = next(one["id"] for one in api.get("/v1/sms").json() if one["body"] == "one")
    assert first
    assert api.get("/v1/sms/next", params={"number": number, "timeout": 5, "after": before}).json()["body"] == "two"


def test_errors_have_kaitos_form(in_process: InProcessServer, org: Org, api: httpx.Client, number: str) -> None:
    missing = api.get("/v1/sms/sms_0000000000001")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
    assert api.get("/v1/sms/inm_0000000000001").status_code == 404
    assert api.post("/v1/sms", json={"from": number, "to": "x", "body": "y"}).json()["error"]["code"] == "invalid_request"
    org_name = next(name for name, one in in_process.orgs.items() if one is org)
    in_process.call(lambda server: server.subscriptions.set_plan(org_name, "starter"))
    refused = api.post("/v1/sms", json={"from": number, "to": PEER, "body": "y"})
    assert (refused.status_code, "starter" in refused.json()["error"]["message"]) == (403, True)


def test_mails_are_not_sms(in_process: InProcessServer, api: httpx.Client) -> None:
    alias = f"ci-{fresh_number()[1:]}"
    address = api.post("/api/v2/inbox/addresses", json={"channel": "mail", "value": alias}).json()
    mail = IncomingMail(provider_id="a", sender="a@example.org", content=Content(body="a mail"), received_us=1)
    in_process.call(lambda server: server.parts.inboxes.intake.received_mail(alias, mail))
    (message,) = api.get("/api/v2/inbox/messages", params={"address": alias}).json()["data"]
    assert api.get("/api/v2/inbox/messages", params={"address": alias, "channel": "sms"}).json()["data"] == []
    assert api.get("/v1/sms", params={"number": alias}).json() == []
    assert api.get(f"/v1/sms/{message['id'].replace('inm', 'sms')}").status_code == 404
    for number in (alias, address["id"]):
        answer = api.get("/v1/sms/next", params={"number": number, "timeout": 0, "after": "sms_0000000000001"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
