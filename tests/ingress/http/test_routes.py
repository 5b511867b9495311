"""Which calls are found in front of the router, and which are left to it."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.ingress.http.routes import HotRoutes
from penstock.kit.http import Receive, Scope, Send
from penstock.kit.operation import Bound, Operation
from tests.support.cases import for_each

CASES = [
    ("POST", "/rows", "/rows"),
    ("POST", "/things/a/rows", "/things/{id}/rows"),
    ("POST", "/in/a", "/in/{id}"),
    ("GET", "/rows", "rest"),
    ("POST", "/rows/", "rest"),
    ("POST", "/things/a/b/rows", "rest"),
    ("POST", "/things//rows", "rest"),
    ("POST", "/things/rows", "rest"),
    ("POST", "/things/a/columns", "rest"),
    ("POST", "/in/", "rest"),
    ("POST", "/in/a/b", "rest"),
    ("POST", "/in/%61", "rest"),
]
HOT = ("/rows", "/things/{id}/rows", "/in/{id}")


class Called:
    """Applications that note who was called."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def app(self, name: str) -> Any:
        async def note(scope: Scope, receive: Receive, send: Send) -> None:
            self.names.append(name)

        return note

    async def call(self, scope: Scope) -> str:
        hot = [Bound(operation=_posted(path), handle=self.app(path)) for path in HOT]
        routes = HotRoutes(self.app("rest"), hot, {"/socket": self.app("socket")})
        await routes(scope, _nothing, _nothing)  # type: ignore[arg-type]
        return self.names.pop()


def _posted(path: str) -> Operation:
    return Operation(method="POST", path=path, surface="v2", tag="Rows", summary="Send rows")


async def _nothing(*_: object) -> None:
    raise AssertionError("no application of these reads or sends")


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_a_socket_is_found_by_its_path(kind: str) -> None:
    scope = {"type": kind, "method": "GET", "path": "/socket", "raw_path": b"/socket"}
    assert await Called().call(scope) == ("socket" if kind == "websocket" else "rest")


@for_each(CASES, lambda case: f"{case[0]} {case[1]}")
def test_a_hot_post_is_found_by_its_whole_path(case: tuple[str, str, str]) -> None:
    method, path, found = case
    scope = {"type": "http", "method": method, "path": path.replace("%61", "a"), "raw_path": path.encode()}
    called = Called().call(scope)
    with pytest.raises(StopIteration) as ended:
        called.send(None)
    assert ended.value.value == found
