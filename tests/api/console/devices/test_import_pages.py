"""Importing devices from a file that was pasted or read into the page."""

from __future__ import annotations

import httpx

from tests.support.console import Browser
from tests.support.waiting import awaited

HERE = "/console/devices/import"
FILE = "name,type,serial,label.site\nImported 1,meter,IMP-1,north\nImported 2,meter,IMP-2,\n"


def test_a_file_is_checked_and_then_imported(browser: Browser, api: httpx.Client) -> None:
    browser.get(HERE)
    assert browser.post(HERE, {"kind": "devices", "content": FILE, "action": "check"}).status_code == 200
    assert "Import 2 rows" in browser.page
    assert api.get("/api/v2/devices", params={"q": "Imported"}).json()["data"] == []
    answer = browser.post(HERE, {"kind": "devices", "content": FILE, "action": "import"})
    path = answer.headers["location"]
    awaited(lambda: '"every 1s"' not in browser.get(path).text)
    assert "2 of 2" in browser.page
    found = api.get("/api/v2/devices", params={"q": "Imported"}).json()["data"]
    assert sorted(one["name"] for one in found) == ["Imported 1", "Imported 2"]
    assert browser.get(HERE).text.count(path) == 1
    assert browser.post(f"{path}/cancel").status_code == 303


def test_faults_name_their_rows(browser: Browser) -> None:
    browser.get(HERE)
    browser.post(HERE, {"kind": "devices", "content": "name,latitude\nA,91\n", "action": "check"})
    assert "latitude" in browser.page
    assert "Faults" in browser.page
    answer = browser.post(HERE, {"kind": "devices", "content": "nothing\n1\n", "action": "check"})
    assert answer.status_code == 400
    assert 'id="f-content-error"' in browser.page
