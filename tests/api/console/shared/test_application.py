"""The console as a browser meets it: sessions, errors and headers."""

from __future__ import annotations

import base64
from typing import Any, cast

import httpx
import pytest
import structlog

from penstock.api.console.shared.application import Console, _redirection
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.shared.executor import FullResponse
from penstock.kit.http import BodyBudget, Message
from penstock.settings import load_settings
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


def test_a_link_in_a_mail_calls_no_operation(browser: Browser) -> None:
    for headers in ({"sec-fetch-site": "none"}, {"sec-fetch-site": "same-site"}):
        assert browser.get("/console/api/v2/me", headers=headers).status_code == 403
    plain = {"cookie": browser._headers({})["cookie"]}  # an old browser, or a connection without TLS
    base_url = str(browser.client.base_url)
    assert browser.client.get("/console/api/v2/me", headers=plain).status_code == 403
    assert browser.client.get("/console/api/v2/me", headers=plain | {"x-csrf-token": browser.csrf}).status_code == 200
    assert browser.client.get("/console/api/v2/me", headers=plain | {"referer": f"{base_url}/console"}).status_code == 200
    assert browser.client.get("/console/api/v2/me", headers=plain | {"referer": "http://evil.example/"}).status_code == 403


@pytest.mark.parametrize("path", ["/console/ap%69/v2/me", "/%63onsole/api/v2/me", "/console%2fapi/v2/me"])
def test_no_spelling_of_a_path_is_cut_at_another_place(path: str, browser: Browser) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/console/api/../metrics", "/console/api/%2e%2e/metrics", "/console/api//v2/me", "/console/api/v2%2fme"]
)
def test_the_door_leads_to_the_api_alone(path: str, browser: Browser) -> None:
    answer = browser.client.send(
        httpx.Request("GET", browser.client.base_url.copy_with(raw_path=path.encode()), headers=browser._headers({}))
    )
    assert answer.status_code == 404


def test_what_the_api_returns_runs_nowhere(browser: Browser) -> None:
    headers = browser.get("/console/api/v2/me").headers
    assert "script-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"].startswith("nosniff")
    assert headers["cache-control"] == "no-store"


def test_pages_say_to_this_server_where_a_form_is_from(browser: Browser) -> None:
    # The last one counts, and with `no-referrer` a browser would send our own forms with the origin `null`.
    assert browser.get(DEVICES).headers.get_list("referrer-policy")[-1] == "same-origin"


def test_a_form_of_another_site_ends_no_session(visitor: Browser) -> None:
    answer = visitor.post("/console/organization", headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)


def test_an_address_begins_no_header() -> None:
    answer = _redirection({"headers": []}, Redirect("/console/devices/a\r\nSet-Cookie: x=y\u2028?q=%41&b=c"))
    assert isinstance(answer, FullResponse)
    assert (b"location", b"/console/devices/a%0D%0ASet-Cookie:%20x=y%E2%80%A8?q=%41&b=c") in answer._headers


def test_a_new_sign_in_ends_the_session_before(browser: Browser, org: Org) -> None:
    before = dict(browser.cookies)
    browser.sign_in(org.user_email, org.user_password)
    assert browser.get(DEVICES).status_code == 200
    browser.cookies = before
    assert browser.get(DEVICES).status_code == 303


def test_a_notice_of_a_neighbour_breaks_no_page(browser: Browser) -> None:
    browser.cookies["penstock_notice"] = base64.urlsafe_b64encode(b'{"x":' + b"[" * 5_000).decode()
    assert browser.get(DEVICES).status_code == 200


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


def test_whoever_asks_for_a_page_that_does_not_exist_keeps_the_menu(browser: Browser, visitor: Browser) -> None:
    assert browser.get("/console/nowhere").status_code == 404
    assert "There is nothing here" in browser.page
    assert 'href="/console/devices"' in browser.page
    assert visitor.get("/console/nowhere").status_code == 404
    assert 'href="/console/devices"' not in visitor.page
    browser.cookies["penstock_session"] = "of nobody"
    assert browser.get("/console/nowhere").status_code == 404
    assert 'href="/console/devices"' not in browser.page


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


class _Broken:
    pages = Pages("/shared", public=True)

    @pages.get("/{share_token}")
    async def show(self, visit: Visit) -> Page:
        raise RuntimeError("a bug")


async def test_a_bug_is_logged_without_the_token_of_the_path() -> None:
    console: Any = Console(
        app=cast("Any", None),
        pages=[_Broken()],
        sessions=cast("Any", None),
        viewers=cast("Any", None),
        api=cast("Any", None),
        budget=BodyBudget(0),
        config=load_settings(environment={}).console,
        version="1",
    )
    path = "/console/shared/dsh_secret"
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }
    with structlog.testing.capture_logs() as lines:
        await console(scope, cast("Any", None), send)
    assert sent[0]["status"] == 500
    (line,) = lines
    assert (line["event"], line["page"]) == ("page_failed", "/console/shared/{share_token}")
    assert "dsh_secret" not in repr(line)
    assert b"a bug" not in sent[1]["body"]
