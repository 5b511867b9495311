"""The pages of webhooks, as somebody uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.console import Browser, browser_of
from tests.support.console_people import HOSTILE, harmless, viewer_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HOME = "/console/webhooks"
NEW = {"url": "https://hooks.invalid/in", "topics": ["alert.*", "device.online"], "format": "standard"}


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture
def home(browser: Browser) -> str:
    """The page of a new webhook with a hostile name."""
    made = browser.post(f"{HOME}/new", NEW | {"name": HOSTILE, "headers": "Authorization: Bearer s3cret"})
    assert made.status_code == 200, made.text
    found = re.search(rf'href="({HOME}/whe_\w+)"', made.text)
    assert found
    return found[1]


def test_an_empty_list_says_what_to_do(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        page = browser.get(HOME).text
    assert "No webhooks yet" in page
    assert "curl" in page
    assert f'href="{HOME}/new"' in page


def test_the_secret_is_shown_once(browser: Browser) -> None:
    made = browser.post(f"{HOME}/new", NEW)
    secret = re.search(r"whsec_[\w+/=]+", made.text)
    assert secret
    assert made.headers["cache-control"] == "no-store"
    found = re.search(rf'href="({HOME}/whe_\w+)"', made.text)
    assert found
    for page in (found[1], f"{found[1]}/settings", f"{found[1]}/edit"):
        assert secret[0] not in browser.get(page).text


def test_errors_are_beside_their_fields(browser: Browser) -> None:
    answer = browser.post(f"{HOME}/new", NEW | {"url": "https://x", "condition": "1 +", "topics": ["odd.topic"], "name": HOSTILE})
    assert answer.status_code == 400
    assert "odd.topic is not a known topic" in answer.text
    assert harmless(answer.text)
    answer = browser.post(f"{HOME}/new", NEW | {"condition": "1 +"})
    assert answer.status_code == 400
    assert 'id="f-condition-error"' in answer.text


def test_pages_show_hostile_names_as_text(browser: Browser, home: str) -> None:
    for page in (HOME, home, f"{home}/settings", f"{home}/edit"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert harmless(answer.text), page


def test_it_is_changed_and_its_headers_stay(browser: Browser, home: str, in_process: InProcessServer, org: Org) -> None:
    form = {"url": NEW["url"], "topics": ["alert.raised"], "name": "Changed", "batch_readings": "20"}
    browser.follow(browser.post(f"{home}/edit", form))
    assert "Webhook saved" in browser.page
    with in_process.client(org) as api:
        found = api.get(home.replace("/console", "/api/v2")).json()
    assert (found["topics"], found["headers"], found["batch"]["readings"]) == (["alert.raised"], ["Authorization"], 20)
    assert browser.post(f"{home}/edit", form | {"batch_readings": "1"}).status_code == 400
    assert 'id="f-batch_readings-error"' in browser.page


def test_it_is_disabled_and_enabled(browser: Browser, home: str) -> None:
    browser.follow(browser.post(f"{home}/disable"))
    assert "Webhook disabled manually" in browser.page
    browser.follow(browser.post(f"{home}/test"))
    assert "is disabled" in browser.page
    browser.follow(browser.post(f"{home}/enable"))
    assert "Webhook disabled manually" not in browser.page


def test_the_secret_is_rotated(browser: Browser, home: str) -> None:
    answer = browser.post(f"{home}/rotate", {"overlap_s": "3600"})
    assert answer.status_code == 200
    assert "whsec_" in answer.text
    assert "The old secret signs too until" in answer.text
    browser.follow(browser.post(f"{home}/rotate", {"overlap_s": "99999999"}))
    assert "overlap_s" in browser.page


def test_messages_are_replayed_by_time(browser: Browser, home: str) -> None:
    answer = browser.follow(browser.post(f"{home}/replay", {"status": "any", "from": "2026-05-02T09:15"}))
    assert "messages are due again" in answer.text
    browser.follow(browser.post(f"{home}/replay", {"status": "any", "from": "yesterday"}))
    assert "messages are due again" not in browser.page


def test_it_is_deleted(browser: Browser, home: str) -> None:
    browser.follow(browser.post(f"{home}/delete"))
    assert "Webhook deleted" in browser.page
    assert browser.get(home).status_code == 404


def test_a_viewer_reads_and_no_more(in_process: InProcessServer, org: Org, home: str) -> None:
    with viewer_of(in_process, org, "webhooks") as viewer:
        assert viewer.get(HOME).status_code == 200
        assert f"{HOME}/new" not in viewer.page
        assert viewer.get(home).status_code == 200
        assert f"{home}/delete" not in viewer.page
        assert viewer.post(f"{HOME}/new", NEW).status_code == 403
        viewer.follow(viewer.post(f"{home}/delete"))
        assert viewer.get(home).status_code == 200
