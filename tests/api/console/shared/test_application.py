"""The console as a browser meets it: sessions, errors and headers."""

from __future__ import annotations

import pytest

from tests.support.console import Browser
from tests.support.in_process import InProcessServer
from tests.support.server import Org

DEVICES = "/console/devices"


def test_a_visitor_is_sent_to_the_sign_in_and_back(visitor: Browser, org: Org) -> None:
    answer = visitor.get(f"{DEVICES}?q=pump")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in?next=/console/devices%3Fq%3Dpump")
    visitor.follow(answer)
    form = {"email": org.user_email, "password": org.user_password, "next": f"{DEVICES}?q=pump"}
    assert visitor.post("/console/sign-in", form).headers["location"] == f"{DEVICES}?q=pump"
    assert visitor.get(DEVICES).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/api/v2", "/console\\evil", "/consoleevil"])
def test_nobody_is_sent_elsewhere(elsewhere: str, visitor: Browser, org: Org) -> None:
    visitor.get("/console/sign-in", params={"next": elsewhere})
    assert "evil" not in visitor.page
    answer = visitor.post("/console/sign-in", {"email": org.user_email, "password": org.user_password, "next": elsewhere})
    assert answer.headers["location"] == "/console"


def test_a_part_of_a_page_moves_the_whole_page(visitor: Browser) -> None:
    answer = visitor.get(DEVICES, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/console/sign-in?next=/console/devices")


def test_signing_out_ends_the_session(browser: Browser) -> None:
    kept = dict(browser.cookies)
    assert browser.post("/console/sign-out").headers["location"] == "/console/sign-in"
    assert "penstock_session" not in browser.cookies
    browser.cookies = kept
    assert browser.get(DEVICES).status_code == 303


def test_pages_run_nothing_but_their_own_files(browser: Browser) -> None:
    answer = browser.get(DEVICES)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"


def test_errors_are_pages(browser: Browser) -> None:
    for path in ("/console/nothing", "/console/devices?cursor=nonsense"):
        answer = browser.get(path)
        assert answer.status_code in (400, 404)
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["x-request-id"] in answer.text
    assert browser.get("/console/static/x/nothing.css").status_code == 404
    assert browser.post(DEVICES).status_code == 405


def test_a_page_shows_the_calls_that_it_made(browser: Browser) -> None:
    page = browser.get(DEVICES).text
    assert "/api/v2/devices" in page
    assert "X-API-Key: $KEY" in page
    assert browser.cookies["penstock_session"] not in page


def test_looking_at_pages_uses_no_calls_of_the_plan(browser: Browser, in_process: InProcessServer, org: Org) -> None:
    with in_process.client(org) as api:
        before = api.get("/api/v2/me").headers.get("x-ratelimit-remaining")
        for _ in range(3):
            browser.get(DEVICES)
        after = api.get("/api/v2/me").headers.get("x-ratelimit-remaining")
    assert before is None or int(before) - 1 == int(after or 0)


def test_a_head_of_a_page_has_no_body(browser: Browser) -> None:
    answer = browser.client.head(DEVICES, headers=browser._headers({}))
    assert (answer.status_code, answer.content) == (200, b"")
