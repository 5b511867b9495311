"""Numbers to buy, from an account for development."""

from __future__ import annotations

import httpx

from tests.api.console.inbox.conftest import INBOX
from tests.support.console import Browser

ACCOUNTS = f"{INBOX}/accounts"


def test_a_number_is_found_bought_and_given_back(browser: Browser, api: httpx.Client) -> None:
    account = browser.post(f"{ACCOUNTS}/new", {"kind": "log", "name": "Log"}).headers["location"]
    numbers = f"{account}/numbers"
    assert "Found" not in browser.get(numbers).text
    page = browser.get(numbers, params={"country": "gb", "type": "local", "contains": "*12"}).text
    assert "+447700900012" in page
    here = browser.post(numbers, {"value": "+447700900012", "country": "GB"}).headers["location"]
    page = browser.get(here).text
    give_back = f"{here}/give-back/{account.rpartition('/')[2]}"
    assert f'action="{give_back}"' in page
    assert "+447700900012" in browser.get(account).text
    assert browser.post(give_back).headers["location"] == here
    assert api.get(f"/api/v2/inbox/addresses/{here.rpartition('/')[2]}").json()["released_at"] is not None


def test_what_cannot_be_searched_is_refused_in_the_page(browser: Browser) -> None:
    account = browser.post(f"{ACCOUNTS}/new", {"kind": "log", "name": "Log"}).headers["location"]
    answer = browser.get(f"{account}/numbers", params={"country": "GBR", "type": "local"})
    assert answer.status_code == 400
    assert 'id="f-country-error"' in answer.text
    assert browser.post(f"{account}/numbers", {"value": "0770"}).status_code == 400
