"""Twilio's calls over HTTP, as other programs than its packages make them. Those are in `tests/e2e/test_sms_providers.py`."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import httpx
import pytest

from tests.support.in_process import InProcessServer

ACCOUNTS = "/2010-04-01/Accounts"
PATH = "Messages"
SMS = {"To": "+447700900123", "From": "+447700900001", "Body": "Hi"}


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    """A client with Basic credentials, of an organisation with a number."""
    org = in_process.new_org()
    with in_process.client(org) as own:
        own.post("/api/v2/inbox/addresses", json={"value": SMS["From"]}).raise_for_status()
    basic = base64.b64encode(f"AC1:{org.api_key}".encode()).decode()
    base_url = f"{in_process.base_url}{ACCOUNTS}/{org.organization_id}"
    with in_process.client(headers={"authorization": f"Basic {basic}"}, base_url=base_url) as client:
        yield client


def test_an_sms_is_sent_with_a_form(api: httpx.Client) -> None:
    made = api.post(f"{PATH}.json", data=SMS)
    assert (made.status_code, made.json()["status"]) == (201, "queued")
    assert api.get(f"{PATH}/{made.json()['sid']}.json").json()["body"] == "Hi"
    assert [one["sid"] for one in api.get(f"{PATH}.json").json()["messages"]] == [made.json()["sid"]]


def test_what_is_wrong_is_said_in_twilios_way(api: httpx.Client, in_process: InProcessServer) -> None:
    for answer, status, code in (
        (api.post(f"{PATH}.json", data={"Body": "Hi"}), 400, 21604),
        (api.post(f"{PATH}.json", data=SMS | {"To": "me"}), 400, 21211),
        (api.post(f"{PATH}.json", content=b"\xff", headers={"content-type": "application/x-www-form-urlencoded"}), 400, 20001),
        (api.post(f"{PATH}.json", content=b"x", headers={"content-type": "text/plain"}), 415, 20001),
        (api.post(f"{PATH}.json", data=SMS | {"Body": "a" * 70_000}), 413, 20001),
        (api.get(f"{PATH}.json", params={"PageSize": "0"}), 400, 20001),
        (api.get(f"{PATH}.json", params={"DateSent>": "soon"}), 400, 20001),
        (api.get(f"{PATH}/SM1.json"), 404, 20404),
        (api.get("Calls.json"), 404, 20404),
        (api.get(f"{in_process.base_url}{ACCOUNTS}/AC1/Messages.json"), 404, 20404),
        (api.delete(f"{PATH}.json"), 405, 20001),
        (in_process.client().get(f"{ACCOUNTS}/AC1/Messages.json"), 401, 20003),
    ):
        found = answer.json()
        assert (answer.status_code, found["code"], found["status"]) == (status, code, status), answer.text
        assert found.keys() == {"code", "message", "more_info", "status"}
