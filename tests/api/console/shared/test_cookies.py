"""Cookies are read as browsers send them, and written so that only this server gets them."""

from __future__ import annotations

from penstock.api.console.shared.cookies import (
    MAX_COOKIE_BYTES,
    Notice,
    csrf_token,
    ended_session_cookie,
    notice_cookie,
    read_cookies,
    read_notice,
    session_cookie,
)


def test_cookies_of_a_request() -> None:
    assert read_cookies({"headers": [(b"cookie", b"a=1; b=2")]}) == {"a": "1", "b": "2"}
    assert read_cookies({"headers": []}) == {}
    assert read_cookies({"headers": [(b"cookie", b"a=" + b"1" * MAX_COOKIE_BYTES)]}) == {}


def test_the_session_is_for_this_server_alone() -> None:
    cookie = session_cookie("prt_x", secure=True, max_age_s=60).decode()
    assert cookie == "penstock_session=prt_x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
    assert b"Secure" not in session_cookie("prt_x", secure=False, max_age_s=60)
    assert b"Max-Age=0" in ended_session_cookie(secure=True)


def test_a_notice_reaches_the_next_page() -> None:
    header = notice_cookie(Notice("good", "Schlüssel „a“ gelöscht; fertig")).decode()
    value = header.partition("=")[2].partition(";")[0]
    assert read_notice(value) == Notice("good", "Schlüssel „a“ gelöscht; fertig")
    assert read_notice("") is read_notice(None) is read_notice("!!") is read_notice("e30=") is None
    assert b"Max-Age=0" in notice_cookie(None)


def test_each_session_has_a_token_for_its_forms() -> None:
    assert csrf_token("prt_a") == csrf_token("prt_a") != csrf_token("prt_b")
    assert "prt_a" not in csrf_token("prt_a")
