"""Which requests are calls."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from penstock.api.grpc.mount import PREFIX, WithConnect
from penstock.api.shared.later import Later
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
    await WithConnect(named("api", called), Later(lambda: named("calls", called)))(asked, nothing, nothing)
    assert called == [wanted]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "PATCH"])
def test_another_method_is_not_allowed(in_process: InProcessServer, method: str) -> None:
    with in_process.client() as client:
        answer: httpx.Response = client.request(method, f"{PREFIX}DevicesService/GetDevice")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
