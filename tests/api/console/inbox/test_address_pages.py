"""Addresses in the console: taken into use, changed, granted, and released."""

from __future__ import annotations

import httpx
import pytest

from tests.api.console.inbox.conftest import INBOX
from tests.support.console import Browser
from tests.support.console_people import HOSTILE, harmless
from tests.support.inboxes import fresh_number

LIST = f"{INBOX}/addresses"
API = "/api/v2/inbox/addresses"


def test_the_life_of_a_number(browser: Browser, api: httpx.Client) -> None:
    assert browser.get(f"{LIST}/new").status_code == 200
    number = fresh_number()
    form = {"channel": "sms", "value": f"{number[:4]} {number[4:]}", "label": HOSTILE, "for_notifications": "true"}
    here = browser.post(f"{LIST}/new", form).headers["location"]
    assert harmless(browser.get(LIST).text)
    page = browser.get(here).text
    assert harmless(page)
    assert "This number has no SMS account." in page
    assert browser.post(here, {"label": "CI", "account_id": ""}).headers["location"] == here
    found = api.get(f"{API}/{here.rpartition('/')[2]}").json()
    assert (found["value"], found["label"], found["for_notifications"]) == (number, "CI", False)
    assert browser.post(f"{here}/release").status_code == 303
    assert "Take into use again" in browser.get(here).text
    assert number not in browser.get(LIST).text
    assert number in browser.get(LIST, params={"released": "true"}).text
    assert browser.post(f"{here}/return").status_code == 303
    again = api.get(f"{API}/{here.rpartition('/')[2]}").json()
    assert (again["released_at"], again["label"]) == (None, "CI")


def test_an_alias_keeps_what_it_has_not(browser: Browser, api: httpx.Client) -> None:
    alias = f"ci{fresh_number()[1:]}"
    here = browser.post(f"{LIST}/new", {"channel": "mail", "value": alias}).headers["location"]
    assert 'name="for_notifications"' not in browser.get(here).text
    assert browser.post(here, {"label": "CI"}).status_code == 303
    assert api.get(f"{API}/{here.rpartition('/')[2]}").json()["label"] == "CI"


@pytest.mark.parametrize(
    ("form", "field"), [({"value": "0770"}, "value"), ({"value": "+447700900", "label": "x" * 201}, "label")]
)
def test_what_is_refused_is_shown_beside_its_field(browser: Browser, form: dict[str, str], field: str) -> None:
    answer = browser.post(f"{LIST}/new", {"channel": "sms"} | form)
    assert answer.status_code == 400
    assert f'id="f-{field}-error"' in answer.text


def test_grants_to_groups_people_and_keys(browser: Browser, api: httpx.Client, number: str) -> None:
    address = next(one for one in api.get(API).json()["data"] if one["value"] == number)["id"]
    here = f"{LIST}/{address}"
    group = api.post("/api/v2/groups", json={"name": HOSTILE}).json()["id"]
    person = api.get("/api/v2/members").json()["data"][0]["user_id"]
    key = api.post("/api/v2/keys", json={"name": "CI"}).json()["key"]["id"]
    for subject in (group, person, key):
        assert browser.post(f"{here}/grants", {"subject": subject}).headers["location"] == here
    page = browser.get(here).text
    assert harmless(page)
    for subject in (group, person, key):
        assert f'action="{here}/grants/{subject}/end"' in page
        assert browser.post(f"{here}/grants/{subject}/end").status_code == 303
    assert api.get(f"{API}/{address}/grants").json()["data"] == []
    refused = browser.post(f"{here}/grants", {"subject": ""})
    assert refused.status_code == 400
    assert 'id="f-subject-error"' in refused.text
    assert browser.post(f"{here}/grants", {"subject": "grp_0000000000001"}).status_code == 404


def test_a_viewer_sees_what_is_granted_and_changes_nothing(
    browser: Browser, viewer: Browser, api: httpx.Client, number: str
) -> None:
    address = next(one for one in api.get(API).json()["data"] if one["value"] == number)["id"]
    here = f"{LIST}/{address}"
    assert viewer.get(here).status_code == 404
    assert number not in viewer.get(LIST).text
    me = viewer.get("/console/api/v2/me").json()["user_id"]
    assert browser.post(f"{here}/grants", {"subject": me}).status_code == 303
    assert number in viewer.get(LIST).text
    page = viewer.get(here).text
    for offer in (f'action="{here}', f'href="{LIST}/new"', f"{INBOX}/send"):
        assert offer not in page
    viewer.post(f"{here}/release")
    assert api.get(f"{API}/{address}").json()["released_at"] is None
    assert viewer.post(f"{LIST}/new", {"channel": "sms", "value": fresh_number()}).status_code == 403
