"""Cookies are read as browsers send them, and written so that only this server gets them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from penstock.api.console.shared.cookies import (
    MAX_COOKIE_BYTES,
    Notice,
    csrf_token,
    ended_session_cookie,
    is_csrf_token,
    notice_cookie,
    read_cookies,
    read_notice,
    session_cookie,
    session_of,
)

PLAIN: dict[str, Any] = {"scheme": "http", "headers": []}


def test_cookies_of_a_request() -> None:
    assert read_cookies({"headers": [(b"cookie", b"a=1; b=2")]}) == {"a": "1", "b": "2"}
    assert read_cookies({"headers": []}) == {}
    assert read_cookies({"headers": [(b"cookie", b"a=" + b"1" * MAX_COOKIE_BYTES)]}) == {}


def test_the_session_is_for_this_server_alone() -> None:
    cookie = session_cookie(PLAIN, "prt_x", secure=True, max_age_s=60).decode()
    assert cookie == "penstock_session=prt_x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
    assert b"Secure" not in session_cookie(PLAIN, "prt_x", secure=False, max_age_s=60)
    assert b"Max-Age=0" in ended_session_cookie(PLAIN, secure=True)


@pytest.mark.parametrize("scope", [{"scheme": "https", "headers": []}, {"headers": [(b"x-forwarded-proto", b"https")]}])
def test_over_tls_only_this_host_can_have_set_the_session(scope: dict[str, Any]) -> None:
    for secure in (True, False):
        cookie = session_cookie(scope, "prt_x", secure=secure, max_age_s=60).decode()
        assert cookie == "__Host-penstock_session=prt_x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
    assert ended_session_cookie(scope, secure=True).startswith(b"__Host-penstock_session=;")
    tossed = {"penstock_session": "prt_of_a_neighbour"}
    assert session_of(scope, tossed) is None
    assert session_of(scope, tossed | {"__Host-penstock_session": "prt_a"}) == "prt_a"
    assert session_of(PLAIN, tossed) == "prt_of_a_neighbour"


def test_a_notice_reaches_the_next_page() -> None:
    header = notice_cookie(Notice("good", "Schlüssel „a“ gelöscht; fertig")).decode()
    value = header.partition("=")[2].partition(";")[0]
    assert read_notice(value) == Notice("good", "Schlüssel „a“ gelöscht; fertig")
    assert read_notice("") is read_notice(None) is read_notice("!!") is read_notice("e30=") is None
    assert b"Max-Age=0" in notice_cookie(None)


def test_each_session_has_tokens_for_its_forms() -> None:
    token = csrf_token("prt_a")
    assert is_csrf_token("prt_a", token)
    assert not is_csrf_token("prt_b", token)
    assert "prt_a" not in token


def test_the_tokens_of_two_pages_have_nothing_in_common() -> None:
    one, other = csrf_token("prt_a"), csrf_token("prt_a")
    assert one[:32] != other[:32]
    assert one[32:] != other[32:]


def test_a_cookie_of_another_application_hides_nothing() -> None:
    assert read_cookies({"headers": [(b"cookie", b'x={"a": [1, 2]}; \xff; =; b="2"; penstock_session=prt_a')]}) == {
        "x": '{"a": [1, 2]}',
        "b": "2",
        "penstock_session": "prt_a",
    }


def test_a_notice_of_a_neighbour_breaks_no_page() -> None:
    assert read_notice(base64.urlsafe_b64encode(b'{"x":' + b"[" * 5_900).decode()) is None
