"""Tokens in the console: codes on request, seeds once, grants."""

from __future__ import annotations

import re

import pyotp

from tests.api.console.vault.conftest import HOSTILE, SEED
from tests.support.console import Browser

VAULT = "/console/vault"


def test_a_code_is_shown_when_it_is_asked_for(browser: Browser, token: str) -> None:
    assert browser.get(VAULT).status_code == 200
    assert token in browser.page
    assert "<img" not in browser.page
    part = browser.post(f"{VAULT}/tokens/{token}/code").text
    shown = re.search(r"(\d{3}) (\d{3})</b>", part)
    assert shown is not None
    assert pyotp.TOTP(SEED).verify(shown[1] + shown[2], valid_window=1)
    assert "<ps-ring" in part


def test_a_refused_form_shows_its_errors_and_no_seed(browser: Browser) -> None:
    answer = browser.post(f"{VAULT}/new", {"name": "Not A Name", "secret": SEED, "issuer": "kept"})
    assert answer.status_code == 400
    assert 'value="kept"' in answer.text
    assert SEED not in answer.text


def test_settings_grants_and_deletion(browser: Browser, token: str) -> None:
    here = f"{VAULT}/tokens/{token}"
    member = browser.get("/console/api/v2/members").json()["data"][0]["user_id"]
    assert browser.post(f"{here}/grants", {"subject": member, "permission": "code", "reason": HOSTILE}).status_code == 303
    page = browser.get(here).text
    assert "&#34;&gt;&lt;img" in page
    end = re.search(rf'action="({here}/grants/grn_\w+/end)"', page)
    assert end is not None
    assert browser.post(end[1]).status_code == 303
    assert browser.post(f"{here}/grants", {"subject": "grp_nobody", "permission": "code"}).status_code in (400, 404)
    assert browser.post(here, {"name": token, "issuer": "AWS", "description": "d"}).headers["location"] == here
    assert "AWS" in browser.get(here).text
    assert browser.post(f"{here}/delete").headers["location"] == VAULT
    assert browser.get(here).status_code == 404


def test_a_seed_is_in_the_response_to_its_form_only(browser: Browser, token: str) -> None:
    here = f"{VAULT}/tokens/{token}"
    assert SEED in browser.post(f"{here}/seed").text
    assert SEED not in browser.get(here).text
    rotated = browser.post(f"{here}/rotate")
    assert rotated.status_code == 200
    assert SEED not in rotated.text
