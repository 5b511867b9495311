"""Calls of a server at a distance, and what is made of its failures."""

from __future__ import annotations

import httpx
import pytest

from penstock.api.mcp.answers import error_text
from penstock.cli import mcp_calls
from penstock.cli.mcp_calls import RemoteCalls, calling
from penstock.kit.operation import Operation
from penstock.kit.secret import Secret

READ = Operation(method="GET", path="/x", surface="v2", tag="", summary="", scope="devices:read")
OPEN = Operation(method="GET", path="/y", surface="v2", tag="", summary="")


def calls_of(answer: httpx.Response | Exception, heard: list[httpx.Request] | None = None) -> RemoteCalls:
    def take(request: httpx.Request) -> httpx.Response:
        if heard is not None:
            heard.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return RemoteCalls(httpx.AsyncClient(transport=httpx.MockTransport(take), base_url="https://iot.example.org"))


async def test_a_call_and_its_answer() -> None:
    heard: list[httpx.Request] = []
    answer = await calls_of(httpx.Response(201, json={"a": 1}, headers={"ETag": "x"}), heard).call("POST", "/p", "q=1", b"{}")
    assert (answer.status, answer.value, answer.version) == (201, {"a": 1}, "x")
    assert (str(heard[0].url), heard[0].headers["content-type"]) == ("https://iot.example.org/p?q=1", "application/json")


async def test_a_server_that_is_not_there() -> None:
    answer = await calls_of(httpx.ConnectError("All connection\nattempts failed")).call("GET", "/p")
    assert error_text(answer) == "503 Service Unavailable, cli.remote_failed: All connection attempts failed"


async def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_calls, "MAX_ANSWER_BYTES", 10)
    answer = await calls_of(httpx.Response(200, text="x" * 11)).call("GET", "/p")
    assert "more than 10 bytes" in error_text(answer)


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (httpx.Response(200, json={"scopes": ["devices:read"]}), True),
        (httpx.Response(200, json={"scopes": []}), False),
        (httpx.Response(403, json={"code": "auth.scope_missing"}), True),
        (httpx.Response(200, text="<html>"), True),
        (httpx.Response(200, json=[]), True),
    ],
)
async def test_which_operations_can_be_called(answer: httpx.Response, allowed: bool) -> None:
    can = await calls_of(answer).allowed()
    assert can(READ) is allowed
    assert not can(OPEN)


async def test_what_is_sent_with_each_call() -> None:
    async with calling("https://iot.example.org", Secret("psk_1"), "own") as calls:
        headers = calls._client.headers
        assert (headers["authorization"], headers["x-organization-id"]) == ("Bearer psk_1", "own")
        assert headers["user-agent"].startswith("penstock-mcp/")
