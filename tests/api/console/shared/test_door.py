"""The API under the session: for scripts of our own pages, and for no other site."""

from __future__ import annotations

import pytest

from penstock.api.console.shared.cookies import csrf_token
from penstock.api.console.shared.door import open_door
from penstock.api.console.shared.origin import FormRefused
from penstock.kit.http import Message, Receive, Scope, Send
from tests.support.console import Browser
from tests.support.in_process import InProcessServer
from tests.support.server import Org

DEVICES = "/console/devices"


async def passed_on(method: str = "GET", **headers: str) -> Scope:
    """The request that the API gets for one of a script."""
    found: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope)

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError

    scope = {
        "type": "http",
        "method": method,
        "path": "/console/api/v2/devices/a b",
        "raw_path": b"/console/api/v2/devices/a%20b",
        "query_string": b"limit=1",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "penstock.request_id": "req_1",
    }
    await open_door(app, scope, receive, send, token="pat_1", session="prt_1")
    return found[0]


async def test_the_session_is_the_only_credential_of_a_request() -> None:
    sent = {name: "x" for name in ("cookie", "authorization", "authentication", "x_api_key", "x_organization_id")}
    inner = await passed_on(accept="text/csv", sec_fetch_site="same-origin", **sent)
    assert (inner["path"], inner["raw_path"]) == ("/api/v2/devices/a b", b"/api/v2/devices/a%20b")
    assert inner["query_string"] == b"limit=1"
    kept = [one for one in inner["headers"] if one[0] != b"sec-fetch-site"]
    assert kept == [(b"accept", b"text/csv"), (b"authorization", b"Bearer pat_1"), (b"x-organization-id", b"own")]


@pytest.mark.parametrize("token", ["", "x", csrf_token("prt_2")], ids=["none", "short", "of another session"])
async def test_a_change_has_the_token_of_the_session(token: str) -> None:
    assert (await passed_on("DELETE", sec_fetch_site="same-origin", x_csrf_token=csrf_token("prt_1")))["method"] == "DELETE"
    with pytest.raises(FormRefused):
        await passed_on("DELETE", sec_fetch_site="same-origin", x_csrf_token=token)


@pytest.mark.parametrize("token", ["", "x" * 32])
def test_a_form_without_the_token_does_nothing(token: str, browser: Browser, in_process: InProcessServer, org: Org) -> None:
    browser.csrf = token
    assert browser.post("/console/api/v2/devices").status_code == 403
    with in_process.client(org) as api:
        assert api.get("/api/v2/devices").json()["data"] == []


def test_another_site_reaches_nothing(browser: Browser) -> None:
    for method in (browser.get, browser.post):
        answer = method("/console/api/v2/devices", headers={"sec-fetch-site": "cross-site"})
        assert (answer.status_code, answer.json()["code"]) == (403, "console.form_refused")


def test_scripts_use_the_api_as_the_person(browser: Browser, org: Org) -> None:
    answer = browser.get("/console/api/v2/me")
    assert answer.json()["organization_id"] == org.organization_id
    made = browser.client.post(
        "/console/api/v2/devices",
        json={"name": "Pump"},
        headers=browser._headers({"x-csrf-token": browser.csrf, "x-api-key": "ignored"}),
    )
    assert made.status_code == 201
    assert browser.get("/console/api/v2/nothing").status_code == 404


def test_scripts_of_visitors_get_no_answer(visitor: Browser) -> None:
    assert visitor.get("/console/api/v2/me").status_code == 401
