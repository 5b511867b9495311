"""The organisation's key in the console."""

from __future__ import annotations

from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer

KEYS = "/console/vault/keys"


def test_rotation_and_destruction(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with browser_of(in_process, org) as browser:
        browser.post("/console/vault/secrets/new", {"name": "first", "value": "v"})
        assert "encrypts" in browser.get(KEYS).text
        assert browser.post(f"{KEYS}/rotate").status_code == 303
        assert browser.get("/console/api/v2/vault/keys").json()["current"] == 2
        browser.post(f"{KEYS}/shred", {"confirm": "another name"})
        assert browser.get("/console/api/v2/vault/keys").json()["current"] == 2
        browser.post(f"{KEYS}/shred", {"confirm": browser.get("/console/api/v2/me").json()["organization_name"]})
        assert "were destroyed" in browser.get(KEYS).text


def test_tabs_follow_the_scopes(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        assert isinstance(browser, Browser)
        assert KEYS in browser.get("/console/vault").text
