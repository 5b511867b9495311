"""Requests to read a seed: made by one person, decided by another."""

from __future__ import annotations

import re

from tests.api.console.vault.conftest import HOSTILE
from tests.support.console import Browser

VAULT = "/console/vault"


def test_four_eyes(browser: Browser, token: str) -> None:
    here = f"{VAULT}/tokens/{token}"
    browser.post(here, {"name": token, "four_eyes": "true"})
    assert browser.post(f"{here}/seed").status_code == 303
    assert browser.post(f"{here}/requests", {"reason": HOSTILE}).status_code == 303
    page = browser.get(f"{VAULT}/requests").text
    assert token in page
    assert "<img" not in page
    verdict = re.search(rf'action="({VAULT}/requests/{token}/srq_\w+/deny)"', page)
    assert verdict is not None
    assert browser.post(verdict[1]).status_code == 303
    states = [one["state"] for one in browser.get("/console/api/v2/seed-requests").json()["data"] if one["token"] == token]
    assert states == ["open"], "who asks must not decide"
