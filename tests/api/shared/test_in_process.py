"""Calls within the process: what an application gets of them, and what comes back."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from penstock.api.shared.in_process import CREDENTIAL_HEADERS, ApiAnswer, InProcess, encode_query, filled, passed_on, receiving
from penstock.kit.errors import InvalidInput
from penstock.kit.http import App, Receive, Scope, Send, read_body, send_json

OUTER = {
    "type": "http",
    "client": ("192.0.2.7", 4000),
    "scheme": "https",
    "path": "/mcp",
    "headers": [(b"x-api-key", b"k"), (b"cookie", b"c"), (b"user-agent", b"u")],
}


def noting(seen: list[dict[str, Any]]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append({**scope, "body": await read_body(scope, receive, 1000)})
        await send_json(send, 201, b'{"a":1}', [(b"ETag", b'"v1"')])

    return app


async def test_a_call_has_the_client_of_its_request_and_only_the_headers_passed_on() -> None:
    seen: list[dict[str, Any]] = []
    headers = passed_on(OUTER, CREDENTIAL_HEADERS)
    answer = await InProcess(noting(seen)).call(OUTER, "POST", "/api/v2/a%20b", query="q=1", headers=headers, body=b"{}")
    assert (answer.status, answer.value, answer.version) == (201, {"a": 1}, '"v1"')
    [scope] = seen
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/api/v2/a b", b"/api/v2/a%20b", b"q=1")
    assert scope["client"] == ("192.0.2.7", 4000)
    assert scope["headers"] == [(b"x-api-key", b"k"), (b"content-type", b"application/json"), (b"content-length", b"2")]
    assert scope["body"] == b"{}"


async def test_a_call_of_something_that_is_no_http_and_a_mark() -> None:
    seen: list[dict[str, Any]] = []
    await InProcess(noting(seen), lambda scope: {**scope, "marked": True}).call({}, "GET", "/api/v2/me")
    assert (seen[0]["marked"], seen[0]["headers"], seen[0]["type"]) == (True, [], "http")


async def test_a_cancelled_call_ends() -> None:
    ended = asyncio.Event()

    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await receive()
            await receive()
        finally:
            ended.set()

    task = asyncio.ensure_future(InProcess(waiting).call({}, "GET", "/"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


def test_an_answer_hides_its_body() -> None:
    assert "secret" not in repr(ApiAnswer(status=200, headers=[], body=msgspec.json.encode({"secret": 1})))


def test_parameters_are_encoded() -> None:
    assert filled("/api/v2/devices/{device_id}/x", {"device_id": "a/../b?c"}) == "/api/v2/devices/a%2F..%2Fb%3Fc/x"


def test_an_empty_parameter_is_not_the_path_of_all() -> None:
    with pytest.raises(InvalidInput):
        filled("/api/v2/keys/{key_id}", {"key_id": ""})


def test_filters_that_are_not_used_are_left_out() -> None:
    assert encode_query({"q": "a b", "cursor": None, "state": "", "fields": ["x", "y"]}) == "q=a%20b&fields=x&fields=y"


def test_answers() -> None:
    assert ApiAnswer(status=200, headers=[], body=b'{"a":1}').value == {"a": 1}
    assert ApiAnswer(status=204, headers=[], body=b"").value is None
    assert not ApiAnswer(status=404, headers=[], body=b"").ok


async def test_a_body_comes_whole_and_its_client_stays() -> None:
    receive = receiving(b"{}")
    assert await receive() == {"type": "http.request", "body": b"{}", "more_body": False}
    gone = asyncio.ensure_future(receive())
    done, _ = await asyncio.wait([gone], timeout=0)
    assert not done
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
