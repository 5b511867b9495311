"""Puts the console in front of the API: its paths go to the pages, all others to the API."""

from __future__ import annotations

import functools
from collections.abc import Callable

from penstock.api.console.shared.navigation import ROOT
from penstock.kit.http import App, Receive, Scope, Send, identifying


class WithConsole:
    """An ASGI application that serves the console below `/console`, and everything else by the API."""

    def __init__(self, api: App, build: Callable[[], App]) -> None:
        self._api = api
        self._build = build

    @functools.cached_property
    def _console(self) -> App:
        """Built by the first request: its libraries take a while to import, and some servers never show a page."""
        return self._build()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path: str = scope["path"]
            if path == ROOT or path.startswith(f"{ROOT}/"):
                return await self._console(scope, receive, identifying(scope, send))
        return await self._api(scope, receive, send)
