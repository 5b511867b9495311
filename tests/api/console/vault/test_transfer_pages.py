"""Tokens from files and into files."""

from __future__ import annotations

import base64
import re

import msgspec

from tests.api.console.vault.conftest import SEED
from tests.support.console import Browser

URI = f"otpauth://totp/Bank:lena?secret={SEED}&issuer=Bank"


def test_an_import_is_rehearsed_first(browser: Browser) -> None:
    form = {"format": "otpauth", "conflict": "skip", "content": URI}
    assert "What the import would do" in browser.post("/console/vault/import", form).text
    assert "bank" not in browser.get("/console/vault").text
    assert "Imported" in browser.post("/console/vault/import", form | {"confirmed": "true"}).text
    assert "bank" in browser.get("/console/vault").text
    assert browser.post("/console/vault/import", form | {"content": ""}).status_code == 400


def test_an_export_is_encrypted(browser: Browser) -> None:
    assert browser.get("/console/vault/export").status_code == 200
    refused = browser.post("/console/vault/export", {"passphrase": "short"})
    assert refused.status_code == 400
    page = browser.post("/console/vault/export", {"passphrase": "correct horse battery"}).text
    found = re.search(r"data:application/json;base64,([^\"]+)", page)
    assert found is not None
    assert msgspec.json.decode(base64.b64decode(found[1]))["format"] == "penstock-tokens"
    assert browser.get("/console/vault/picture").status_code == 200
