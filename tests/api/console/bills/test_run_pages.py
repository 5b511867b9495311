"""Closing runs as a person starts and follows them."""

from __future__ import annotations

from tests.support.billed import clean
from tests.support.console import Browser

HERE = "/console/bills/runs"


def test_a_period_is_closed_and_followed(browser: Browser, site: dict[str, str]) -> None:
    assert browser.get(HERE).status_code == 200
    assert f"{HERE}/{site['run']}" in browser.page
    assert browser.get(f"{HERE}/{site['run']}").status_code == 200
    assert clean(browser.page)
    assert browser.post(HERE, {"period": "soon"}).status_code == 400
    assert 'id="f-period-error"' in browser.page
    place = browser.post(HERE, {"period": site["period"], "customer_ids": site["customer"]}).headers["location"]
    assert browser.get(place).status_code == 200
    assert browser.post(f"{place}/cancel").headers["location"] == place
    assert browser.post(f"{HERE}/holds/ivh_0c2k9fq7w3v3h/release").headers["location"] == HERE
