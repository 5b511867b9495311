"""SMS accounts in the console."""

from __future__ import annotations

import httpx

from tests.api.console.inbox.conftest import INBOX
from tests.support.console import Browser
from tests.support.console_people import HOSTILE, harmless

LIST = f"{INBOX}/accounts"
SID = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdee"


def test_the_life_of_an_account_at_twilio(browser: Browser, api: httpx.Client) -> None:
    assert "Without one they are only logged" in browser.get(LIST).text
    form = {"kind": "twilio", "name": HOSTILE, "settings.account_sid": SID, "settings.auth_token": TOKEN}
    here = browser.post(f"{LIST}/new", form).headers["location"]
    account = here.rpartition("/")[2]
    assert harmless(browser.get(LIST).text)
    page = browser.get(here).text
    assert harmless(page)
    assert f"/sms/twilio/{account}/inbound" in page.partition("What Twilio calls")[2]
    assert TOKEN not in page
    assert SID in browser.get(f"{here}/edit").text
    assert browser.post(f"{here}/edit", {"name": "Main", "settings.account_sid": SID}).headers["location"] == here
    found = api.get(f"/api/v2/inbox/accounts/{account}").json()
    assert (found["name"], found["settings"]["auth_token_set"]) == ("Main", True)
    assert browser.post(f"{here}/delete").headers["location"] == LIST
    assert browser.get(here).status_code == 404


def test_a_refused_form_has_its_errors_and_no_secret(browser: Browser) -> None:
    form = {"kind": "twilio", "name": "kept", "settings.account_sid": "AC1", "settings.auth_token": TOKEN}
    answer = browser.post(f"{LIST}/new", form)
    assert answer.status_code == 400
    assert 'id="f-settings-account_sid-error"' in answer.text
    assert 'value="kept"' in answer.text
    assert TOKEN not in answer.text


def test_a_message_centre(browser: Browser, api: httpx.Client) -> None:
    assert 'name="settings.system_id"' in browser.get(f"{LIST}/new", params={"kind": "smpp"}).text
    form = {"kind": "smpp", "name": "Centre", "settings.host": "smsc.example.org", "settings.system_id": "penstock"}
    form |= {"settings.port": "2776", "settings.alphabet": "gsm7", "settings.receipt_ids": "same", "settings.window": ""}
    here = browser.post(f"{LIST}/new", form).headers["location"]
    settings = api.get(f"/api/v2/inbox/accounts/{here.rpartition('/')[2]}").json()["settings"]
    assert (settings["port"], settings["window"], settings["tls"]) == (2776, 10, False)
    assert browser.get(here).status_code == 200
    assert browser.post(f"{here}/edit", form | {"settings.port": "", "settings.window": "5"}).status_code == 303
    settings = api.get(f"/api/v2/inbox/accounts/{here.rpartition('/')[2]}").json()["settings"]
    assert (settings["port"], settings["window"]) == (None, 5)


def test_a_check_tells_what_the_provider_said(browser: Browser) -> None:
    here = browser.post(f"{LIST}/new", {"kind": "log", "name": "Log"}).headers["location"]
    page = browser.follow(browser.post(f"{here}/check")).text
    assert "It works" in page


def test_a_viewer_changes_no_account(browser: Browser, viewer: Browser) -> None:
    here = browser.post(f"{LIST}/new", {"kind": "log", "name": "Log"}).headers["location"]
    for page in (viewer.get(LIST).text, viewer.get(here).text):
        assert f'href="{LIST}/new"' not in page
        assert f'action="{here}' not in page
    viewer.post(f"{here}/delete")
    assert viewer.get(here).status_code == 200
    assert viewer.post(f"{LIST}/new", {"kind": "log", "name": "Log"}).status_code == 403
