"""The console's paths, and no others, go to the console, which the first of them builds."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.console.shared.mount import WithConsole


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("http", "/console", "console"),
        ("http", "/console/devices", "console"),
        ("http", "/consoles", "api"),
        ("http", "/api/v2/devices", "api"),
        ("websocket", "/console/x", "api"),
        ("lifespan", "", "api"),
    ],
)
async def test_paths(kind: str, path: str, expected: str) -> None:
    calls: list[str] = []

    def app(name: str) -> Any:
        async def called(scope: Any, receive: Any, send: Any) -> None:
            calls.append(name)

        return called

    built: list[int] = []

    def build() -> Any:
        built.append(1)
        return app("console")

    both = WithConsole(app("api"), build)
    for _ in range(2):
        await both({"type": kind, "path": path, "headers": []}, None, None)  # type: ignore[arg-type]
    assert calls == [expected] * 2
    assert len(built) == (expected == "console")
