"""Which requests are calls, and that what they need is built once."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from penstock.api.grpc.mount import PREFIX, WithConnect
from penstock.kit.http import App, Receive, Scope, Send
from tests.support.in_process import InProcessServer


def named(name: str, called: list[str]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        called.append(name)

    return app


async def nothing(*_: Any) -> Any:
    return None


def scope(path: str, method: str = "POST", kind: str = "http") -> Scope:
    return {"type": kind, "path": path, "method": method, "headers": [], "extensions": {}}


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ("calls", scope(f"{PREFIX}DevicesService/GetDevice")),
        ("calls", scope(f"{PREFIX}DevicesService/GetDevice", "GET")),
        ("api", scope("/api/v2/devices")),
        ("api", scope("/penstock.v2.X/Y")),
        ("api", scope(f"{PREFIX}DevicesService/GetDevice", "OPTIONS")),
        ("api", scope(f"{PREFIX}DevicesService/GetDevice", kind="websocket")),
        ("api", {"type": "lifespan"}),
    ],
)
async def test_only_posts_and_gets_below_the_services_are_calls(wanted: str, asked: Scope) -> None:
    called: list[str] = []
    await WithConnect(named("api", called), lambda: named("calls", called))(asked, nothing, nothing)
    assert called == [wanted]


async def test_it_is_built_once_however_many_wait_and_again_after_a_failure() -> None:
    called: list[str] = []
    built = 0

    def build() -> App:
        nonlocal built
        built += 1
        if built == 1:
            raise OSError("once")
        return named("calls", called)

    app = WithConnect(named("api", called), build)
    with pytest.raises(OSError, match="once"):
        await app(scope(f"{PREFIX}X/Y"), nothing, nothing)
    await asyncio.gather(*(app(scope(f"{PREFIX}X/Y"), nothing, nothing) for _ in range(5)))
    assert (built, called) == (2, ["calls"] * 5)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "PATCH"])
def test_another_method_is_not_allowed(in_process: InProcessServer, method: str) -> None:
    with in_process.client() as client:
        answer: httpx.Response = client.request(method, f"{PREFIX}DevicesService/GetDevice")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
