"""The console is put in front of the API, and built when a page is first asked for."""

from __future__ import annotations

from typing import Any

from penstock.bootstrap.console import with_console
from penstock.kit.http import Receive, Scope, Send
from penstock.settings import load_settings


async def test_the_api_does_not_wait_for_the_console() -> None:
    heard: list[str] = []

    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(scope["path"])

    services: Any = None  # would fail if it were needed
    app = with_console(api, services, load_settings(environment={}), [])
    await app({"type": "http", "path": "/api/v2/me"}, services, services)
    await app({"type": "websocket", "path": "/console"}, services, services)
    assert heard == ["/api/v2/me", "/console"]
