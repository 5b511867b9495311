"""Only our own pages send forms."""

from __future__ import annotations

import pytest

from penstock.api.console.shared.cookies import csrf_token
from penstock.api.console.shared.origin import FormRefused, check_form, is_same_origin


def scope(**headers: str) -> dict[str, object]:
    return {"headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused(site: str) -> None:
    with pytest.raises(FormRefused):
        check_form(scope(sec_fetch_site=site), "prt_a", csrf_token("prt_a"))


def test_old_browsers_name_their_origin() -> None:
    assert is_same_origin(scope(origin="http://iot.example:8080", host="iot.example:8080"))
    assert not is_same_origin(scope(origin="http://evil.example", host="iot.example:8080"))
    assert is_same_origin(scope(origin="null", host="iot.example"))
    assert is_same_origin(scope())


@pytest.mark.parametrize("token", [None, "", "x", csrf_token("prt_b")])
def test_a_form_of_a_session_has_its_token(token: str | None) -> None:
    with pytest.raises(FormRefused):
        check_form(scope(sec_fetch_site="same-origin"), "prt_a", token)


def test_the_token_is_a_field_or_a_header() -> None:
    check_form(scope(), "prt_a", csrf_token("prt_a"))
    check_form(scope(x_csrf_token=csrf_token("prt_a")), "prt_a", None)
    check_form(scope(), None, None)
