"""Secrets in the console: values are shown on request only, and never sent back."""

from __future__ import annotations

import secrets

from tests.api.console.vault.conftest import HOSTILE
from tests.support.console import Browser

SECRETS = "/console/vault/secrets"


def test_the_life_of_a_secret(browser: Browser) -> None:
    name = f"s{secrets.token_hex(4)}"
    answer = browser.post(f"{SECRETS}/new", {"name": name, "value": "correct horse", "description": HOSTILE})
    here = answer.headers["location"]
    for page in (browser.get(SECRETS).text, browser.get(here).text):
        assert name in page
        assert "<img" not in page
        assert "correct horse" not in page
    assert browser.post(f"{here}/versions", {"value": "battery staple"}).headers["location"] == here
    assert "battery staple" in browser.post(f"{here}/value").text
    assert "correct horse" in browser.post(f"{here}/value", {"version": "1"}).text
    assert browser.post(f"{here}/versions/1/restore").status_code == 303
    assert "correct horse" in browser.post(f"{here}/value").text
    assert browser.post(here, {"description": "new"}).status_code == 303
    assert browser.post(f"{here}/delete").headers["location"] == SECRETS
    assert browser.get(here).status_code == 404


def test_a_value_that_is_refused_is_not_sent_back(browser: Browser) -> None:
    answer = browser.post(f"{SECRETS}/new", {"name": "not a name!", "value": "correct horse"})
    assert answer.status_code == 400
    assert "correct horse" not in answer.text
