"""Numbers and aliases over HTTP: taken into use, granted, released and taken into use again."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.in_process import InProcessServer
from tests.support.inboxes import fresh_number, receives
from tests.support.server import Org

PATH = "/api/v2/inbox/addresses"


@pytest.fixture
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


def test_a_number_comes_goes_and_returns(in_process: InProcessServer, org: Org, api: httpx.Client) -> None:
    number = fresh_number()
    made = api.post(PATH, json={"value": number, "label": "CI"})
    assert made.status_code == 201, made.text
    address = made.json()
    assert (address["channel"], address["value"], address["label"], address["released_at"]) == ("sms", number, "CI", None)
    assert api.post(PATH, json={"value": number}).json()["code"] == "inboxes.address_exists"
    one = f"{PATH}/{address['id']}"
    assert api.get(one).json() == address
    receives(in_process, org, number, "hello", "a")
    assert api.patch(one, json={"label": "Logins"}).json()["label"] == "Logins"
    assert api.delete(one).status_code == 204
    assert api.delete(one).json()["code"] == "inboxes.address_released"
    assert api.get(PATH).json()["data"] == []
    assert [entry["id"] for entry in api.get(PATH, params={"released": "true"}).json()["data"]] == [address["id"]]
    assert [entry["body"] for entry in api.get("/api/v2/inbox/messages", params={"address": number}).json()["data"]] == ["hello"]
    again = api.post(PATH, json={"value": number}).json()
    assert (again["id"], again["created_at"], again["released_at"]) == (address["id"], address["created_at"], None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"value": "447700900123"}, "value"),
        ({"value": "+4477"}, "value"),
        ({"value": "+447700900123456789"}, "value"),
        ({"channel": "mail", "value": "With Capital"}, "value"),
        ({"channel": "mail", "value": "a@example.org"}, "value"),
        ({"channel": "mail", "value": "ci", "for_notifications": True}, "for_notifications"),
        ({"value": "+447700900123", "account_id": "dev_x"}, "account_id"),
        ({"channel": "fax", "value": "+447700900123"}, "channel"),
    ],
)
def test_what_is_no_address_is_refused_by_its_field(api: httpx.Client, body: dict[str, object], field: str) -> None:
    answer = api.post(PATH, json=body)
    assert 400 <= answer.status_code < 500
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_an_unknown_account_is_not_found(api: httpx.Client) -> None:
    answer = api.post(PATH, json={"value": fresh_number(), "account_id": "sma_0000000000001"})
    assert (answer.status_code, answer.json()["code"]) == (404, "inboxes.account_not_found")


def test_an_alias_stays_with_its_organisation(in_process: InProcessServer, api: httpx.Client) -> None:
    alias = f"ci{fresh_number()[1:]}"
    made = api.post(PATH, json={"channel": "mail", "value": alias}).json()
    assert api.delete(f"{PATH}/{made['id']}").status_code == 204
    with in_process.client(in_process.new_org()) as other:
        assert other.post(PATH, json={"channel": "mail", "value": alias}).json()["code"] == "inboxes.address_exists"
    assert api.post(PATH, json={"channel": "mail", "value": alias}).json()["id"] == made["id"]


def test_only_one_number_is_for_notifications(api: httpx.Client) -> None:
    first = api.post(PATH, json={"value": fresh_number(), "for_notifications": True}).json()
    second = api.post(PATH, json={"value": fresh_number()}).json()
    assert api.patch(f"{PATH}/{second['id']}", json={"for_notifications": True}).json()["for_notifications"]
    assert not api.get(f"{PATH}/{first['id']}").json()["for_notifications"]


def test_grants_are_listed_and_end(api: httpx.Client) -> None:
    one = f"{PATH}/{api.post(PATH, json={'value': fresh_number()}).json()['id']}"
    group = api.post("/api/v2/groups", json={"name": "Support"}).json()["id"]
    key = api.post("/api/v2/keys", json={"name": "CI"}).json()["key"]["id"]
    for _ in range(2):
        assert api.put(f"{one}/groups/{group}").status_code == 204
    assert api.put(f"{one}/keys/{key}").status_code == 204
    found = api.get(f"{one}/grants").json()["data"]
    assert [(grant["subject_kind"], grant["subject_id"]) for grant in found] == [("group", group), ("key", key)]
    assert found[0]["created_by"].startswith("key_")
    assert api.delete(f"{one}/groups/{group}").status_code == 204
    assert (again := api.delete(f"{one}/groups/{group}")).status_code == 404, again.text
    assert (unknown := api.put(f"{one}/users/usr_0000000000001")).status_code == 404, unknown.text
