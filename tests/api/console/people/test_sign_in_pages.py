"""Signing in: password, second factor, link, and what the pages say when it does not work."""

from __future__ import annotations

import base64
import re

import pyotp
import pytest

from penstock.core.people.one_time_links import Purpose
from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser
from tests.support.in_process import InProcessServer
from tests.support.server import Org

SIGN_IN = "/console/sign-in"


def test_a_wrong_password_is_told_and_not_shown_again(visitor: Browser, org: Org) -> None:
    visitor.get(SIGN_IN)
    answer = visitor.post(SIGN_IN, {"email": org.user_email, "password": "not this one"})
    assert answer.status_code == 401
    assert "the e-mail or the password is wrong" in visitor.page
    assert org.user_email in visitor.page
    assert "not this one" not in visitor.page
    assert "penstock_session" not in visitor.cookies


def test_over_tls_the_session_has_a_name_that_no_neighbour_can_set(visitor: Browser, org: Org) -> None:
    tls = {"x-forwarded-proto": "https"}
    visitor.get(SIGN_IN, headers=tls)
    answer = visitor.post(SIGN_IN, {"email": org.user_email, "password": org.user_password}, headers=tls)
    assert answer.status_code == 303, answer.text
    assert "__Host-penstock_session" in visitor.cookies
    assert "penstock_session" not in visitor.cookies
    assert visitor.get("/console/profile", headers=tls).status_code == 200
    assert visitor.get("/console/profile").status_code == 303
    session = visitor.cookies.pop("__Host-penstock_session")
    visitor.cookies["penstock_session"] = session  # as a neighbouring host could
    assert visitor.get("/console/profile", headers=tls).status_code == 303


def test_a_second_factor_is_asked_for(visitor: Browser, registry: Registry) -> None:
    (person,) = registry.members("coded", "member")
    seed = registry.second_factor(person, confirmed=True)
    visitor.get(SIGN_IN)
    answer = visitor.post(SIGN_IN, {"email": person.email, "password": PASSWORD, "next": "/console/profile"})
    assert answer.status_code == 200
    assert PASSWORD not in visitor.page
    token = re.search(r'name="mfa_token" value="([^"]+)"', visitor.page)
    assert token is not None
    form = {"mfa_token": token[1], "next": "/console/profile"}
    assert visitor.post(f"{SIGN_IN}/code", form | {"code": "000000"}).status_code == 401
    assert "the code is wrong" in visitor.page
    assert token[1] in visitor.page, "the page can be sent again"
    expired = visitor.post(f"{SIGN_IN}/code", {"mfa_token": "mfa_x", "code": "000000"})
    assert (expired.status_code, "sign in again" in visitor.page) == (401, True)
    code = pyotp.TOTP(base64.b32encode(seed).decode()).now()
    answer = visitor.post(f"{SIGN_IN}/code", form | {"code": f" {code} "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/profile")
    assert visitor.follow(answer).status_code == 200


def test_a_link_signs_in_once(in_process: InProcessServer, visitor: Browser, org: Org) -> None:
    async def issue(server: object) -> str:
        return str(server.people.links.issue(Purpose.SIGN_IN, org.user_email))  # type: ignore[attr-defined]

    token = in_process.call(issue)
    assert visitor.get("/console/welcome").status_code == 200
    answer = visitor.post("/console/welcome", {"token": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert org.user_email in visitor.get("/console/profile").text
    with Browser(in_process.client()) as other:
        assert other.post("/console/welcome", {"token": token}).status_code == 400
        assert "the link is invalid or used" in other.page
        assert not other.cookies


def test_a_link_still_asks_for_the_second_factor(in_process: InProcessServer, visitor: Browser, registry: Registry) -> None:
    (person,) = registry.members("linked", "member")
    registry.second_factor(person, confirmed=True)

    async def issue(server: object) -> str:
        return str(server.people.links.issue(Purpose.SIGN_IN, person.email))  # type: ignore[attr-defined]

    answer = visitor.post("/console/welcome", {"token": in_process.call(issue)})
    assert (answer.status_code, 'name="mfa_token"' in visitor.page) == (200, True)
    assert not visitor.cookies


@pytest.mark.parametrize(
    ("host", "proto", "plain"),
    [
        ("127.0.0.1:8080", "", False),
        ("localhost", "", False),
        ("[::1]:8080", "", False),
        ("iot.example.org", "", True),
        ("192.0.2.7:8080", "", True),
        ("iot.example.org", "https", False),
    ],
)
def test_the_page_says_where_the_session_would_be_lost(host: str, proto: str, plain: bool, visitor: Browser) -> None:
    headers = {"host": host} | ({"x-forwarded-proto": proto} if proto else {})
    assert ("Signing in will not work here" in visitor.get(SIGN_IN, headers=headers).text) is plain
