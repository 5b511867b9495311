"""The page of share links."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.support.console import Browser


def test_a_link_is_made_shown_once_and_revoked(browser: Browser, api: httpx.Client, board: dict[str, Any]) -> None:
    path = f"/console/dashboards/{board['id']}/shares"
    assert "Nobody outside" in browser.get(path).text
    refused = browser.post(path, {"days": "many"})
    assert (refused.status_code, refused.text.count('aria-invalid="true"')) == (400, 1)
    made = browser.post(path, {"name": "<b>Lobby", "days": "2", "allow_embed": "https://intranet.example.org\n"})
    (token,) = set(re.findall("dsh_[0-9A-Za-z]{20,}", made.text))
    assert made.headers["cache-control"] == "no-store"
    assert "&lt;iframe" in made.text
    assert token not in browser.get(path).text
    assert "&lt;b&gt;Lobby" in browser.page
    (share,) = api.get(f"/api/v2/dashboards/{board['id']}/shares").json()["data"]
    assert share["allow_embed"] == ["https://intranet.example.org"]
    browser.post(f"{path}/{share['id']}/revoke")
    assert "Nobody outside" in browser.get(path).text
    again = browser.post(f"{path}/{share['id']}/revoke")
    assert again.headers["location"] == path, "back, with the reason"


def test_a_viewer_sees_links_and_makes_none(viewer: Browser, board: dict[str, Any]) -> None:
    path = f"/console/dashboards/{board['id']}/shares"
    assert "Create the link" not in viewer.get(path).text
    assert viewer.post(path, {"days": "2"}).status_code == 403
