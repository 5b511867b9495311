"""What somebody with a share link sees, without a session."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.console import Browser


def shared(api: httpx.Client, board: dict[str, Any], **fields: Any) -> str:
    made = api.post(f"/api/v2/dashboards/{board['id']}/shares", json={"expires_in_s": 600} | fields).json()
    return str(made["url"])


def test_a_link_shows_the_dashboard_and_nothing_else(visitor: Browser, api: httpx.Client, board: dict[str, Any]) -> None:
    answer = visitor.get(shared(api, board))
    assert answer.status_code == 200
    assert "# Hello" in answer.text
    assert "side-nav" not in answer.text
    assert board["id"] not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-robots-tag"] == "noindex"


def test_pages_of_its_origins_frame_it(visitor: Browser, api: httpx.Client, board: dict[str, Any]) -> None:
    answer = visitor.get(shared(api, board, allow_embed=["https://a.example", "https://b.example"]))
    assert answer.headers["content-security-policy"].endswith("frame-ancestors https://a.example https://b.example")


@pytest.mark.parametrize("token", ["dsh_0000000000000000000000000000004PwmZF", "x", "..%2f"])
def test_other_links_do_not_exist(token: str, visitor: Browser) -> None:
    answer = visitor.get(f"/console/shared/{token}")
    assert answer.status_code == 404
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
