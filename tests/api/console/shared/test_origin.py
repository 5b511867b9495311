"""Only our own pages send forms."""

from __future__ import annotations

import pytest

from penstock.api.console.shared.cookies import csrf_token
from penstock.api.console.shared.origin import FormRefused, check_form, check_read, is_of_our_pages, is_same_origin


def scope(**headers: str) -> dict[str, object]:
    return {"headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused(site: str) -> None:
    with pytest.raises(FormRefused):
        check_form(scope(sec_fetch_site=site), "prt_a", csrf_token("prt_a"))


def test_old_browsers_name_their_origin() -> None:
    assert is_same_origin(scope(origin="http://iot.example:8080", host="iot.example:8080"))
    assert not is_same_origin(scope(origin="http://evil.example", host="iot.example:8080"))
    assert not is_same_origin(scope(origin="null", host="iot.example"))
    assert not is_same_origin(scope(origin="http://[", host="iot.example"))
    assert is_same_origin(scope())


def test_a_page_that_hides_its_origin_signs_nobody_in() -> None:
    with pytest.raises(FormRefused):
        check_form(scope(origin="null", host="iot.example"), None, None)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none", "referer": "http://iot.example/console"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"referer": "http://iot.example/console"}, True),
        ({"referer": "http://evil.example/iot.example"}, False),
        ({"origin": "http://evil.example", "referer": "http://iot.example/"}, False),
        ({}, False),
    ],
)
def test_the_api_needs_one_of_our_pages(headers: dict[str, str], ours: bool) -> None:
    assert is_of_our_pages(scope(host="iot.example", **headers)) is ours


@pytest.mark.parametrize(
    "token",
    [None, "", "x", "é", csrf_token("prt_b"), csrf_token("prt_a")[:-4]],
    ids=["missing", "empty", "short", "not ascii", "of another session", "cut"],
)
def test_a_form_of_a_session_has_its_token(token: str | None) -> None:
    with pytest.raises(FormRefused):
        check_form(scope(sec_fetch_site="same-origin"), "prt_a", token)


def test_the_token_is_a_field_or_a_header() -> None:
    check_form(scope(), "prt_a", csrf_token("prt_a"))
    check_form(scope(x_csrf_token=csrf_token("prt_a")), "prt_a", None)
    check_form(scope(), None, None)


def test_a_script_without_an_origin_has_the_token() -> None:
    check_read(scope(x_csrf_token=csrf_token("prt_a")), "prt_a")
    check_read(scope(sec_fetch_site="same-origin"), "prt_a")
    for headers in ({}, {"x_csrf_token": "x"}, {"sec_fetch_site": "none", "x_csrf_token": csrf_token("prt_a")}):
        with pytest.raises(FormRefused):
            check_read(scope(**headers), "prt_a")
