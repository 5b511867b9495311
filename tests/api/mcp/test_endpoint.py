"""The endpoint: what is checked before the protocol, and what happens when a client leaves."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from penstock.api.mcp.calling import ApiCalls
from penstock.api.mcp.endpoint import MAX_BODY, WithMcp
from penstock.api.shared.later import Later
from penstock.core.actor import Actor, ActorKind
from penstock.core.tenancy.errors import CredentialMissing
from penstock.kit.http import App, BodyBudget, Message, Receive, Scope, Send, header, send_json
from penstock.kit.ids import OrgId
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.mcp import HEADERS, request_to

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


async def admit(scope: Scope) -> Actor:
    if header(scope, b"x-api-key") is None:
        raise CredentialMissing()
    return Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1)


async def rest(scope: Scope, receive: Receive, send: Send) -> None:
    await send_json(send, 200, b'"api"')


class Answers:
    """Answers with one application. `asked` are the words that tools shall begin with."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.asked: list[str | None] = []

    def over_http(self, calls: ApiCalls, only: str | None = None) -> App:
        self.asked.append(only)
        return self._app


async def exchange(
    app: App, path: str = "/mcp", *, query: str = "", left: asyncio.Event | None = None, **headers: str
) -> list[Message]:
    """The messages of a response to a POST, whose client leaves at the event."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    unread: list[Message] = [{"type": "http.request", "body": b"{}"}]
    got: list[Message] = []

    async def receive() -> Message:
        if unread:
            return unread.pop()
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        got.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": query.encode(), "headers": sent}
    await app(scope, receive, send)
    return got


def served(answers: Answers, **options: Any) -> WithMcp:
    return WithMcp(rest, admit, Later(lambda: answers), BodyBudget(10_000), **options)


async def test_other_paths_are_the_api_s() -> None:
    app = WithMcp(rest, admit, Later(lambda: pytest.fail("nothing is built")), BodyBudget(10_000))
    assert (await exchange(app, "/mcp/x"))[1]["body"] == b'"api"'
    assert (await exchange(app))[0]["status"] == 401


async def test_it_is_built_once_and_again_after_a_failure() -> None:
    built: list[int] = []

    def build() -> Answers:
        built.append(1)
        if len(built) == 1:
            raise ImportError
        return Answers(rest)

    app = WithMcp(rest, admit, Later(build), BodyBudget(10_000))
    with pytest.raises(ImportError):
        await exchange(app, x_api_key="k")
    both = await asyncio.gather(exchange(app, x_api_key="k"), exchange(app, x_api_key="k"))
    assert [one[0]["status"] for one in both] == [200, 200]
    assert len(built) == 2


async def test_who_leaves_ends_the_work() -> None:
    begun, ended, left = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    asking = asyncio.ensure_future(exchange(served(Answers(slow)), x_api_key="k", left=left))
    await begun.wait()
    left.set()
    assert await asking == []
    assert ended.is_set()


async def test_a_bug_is_answered_as_one() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    started, body = await exchange(served(Answers(broken)), x_api_key="k")
    assert (started["status"], json.loads(body["body"])["code"]) == (500, "server.internal")


async def test_origins_and_queries() -> None:
    answers = Answers(rest)
    app = served(answers, origins=("https://app.example.org",))
    for origin, status in (
        ("https://app.example.org", 200),
        ("http://localhost:6274", 200),
        ("http://[::1]:80", 200),
        ("https://evil.example.org", 403),
        ("http://localhost.evil.example.org", 403),
        ("http://localhost:1@evil.example.org", 403),
        ("null", 403),
    ):
        got = await exchange(app, x_api_key="k", origin=origin, host="evil.example.org")
        assert got[0]["status"] == status, origin
    assert (b"cache-control", b"no-store") in got[0]["headers"]
    assert (await exchange(app, x_api_key="k", query="tools=device,alarm"))[0]["status"] == 200
    assert answers.asked[-1] == "device,alarm"
    assert (await exchange(app, x_api_key="k", query="tool=device"))[0]["status"] == 400


def test_who_is_admitted(in_process: InProcessServer) -> None:
    org, other = in_process.orgs["Acme"], in_process.orgs["Other"]
    key, bearer = org.api_key, f"Bearer {org.api_key}"
    with in_process.client() as client:
        good: list[dict[str, str]] = [
            {"x_api_key": key},
            {"authorization": bearer},
            {"x_api_key": key, "x_organization_id": org.organization_id},
            {"x_api_key": key, "x_organization_id": "own"},
        ]
        for headers in good:
            assert request_to(client, "ping", {}, **headers).status_code == 200, headers
        for headers, status, code in (
            ({}, 401, "auth.credential_missing"),
            ({"x_api_key": "nonsense"}, 401, "auth.credential_invalid"),
            ({"authorization": "Basic eDp5"}, 401, "auth.credential_missing"),
            ({"x_api_key": key, "x_organization_id": other.organization_id}, 403, "auth.organization_mismatch"),
        ):
            refused = request_to(client, "ping", {}, **headers)
            assert (refused.status_code, refused.json()["code"]) == (status, code)
            if status == 401:
                assert refused.headers["www-authenticate"] == 'Bearer realm="penstock"'
                assert key not in refused.text


def test_methods(
    in_process: InProcessServer,
) -> None:
    org = in_process.orgs["Acme"]
    with in_process.client(org) as client:
        for method in ("GET", "DELETE", "PUT", "OPTIONS", "HEAD"):
            refused = client.request(method, "/mcp", headers=HEADERS)
            assert (refused.status_code, refused.headers["allow"]) == (405, "POST"), method


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe",
        b'{"jsonrpc":"2.0","id":1}',
        b'{"jsonrpc":"2.0","id":1,"method":"nope"}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":1}}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"device_list","arguments":[]}}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"q":"\\ud800"}}}',
        b'{"jsonrpc":"2.0","id":%s,"method":"ping"}' % (b"9" * 5000),
        b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28", "nonsense"])
def test_what_is_no_request_is_refused(in_process: InProcessServer, body: bytes, version: str) -> None:
    org = in_process.orgs["Acme"]
    with in_process.client(org) as client:
        answer = client.post("/mcp", content=body, headers=HEADERS | {"mcp-protocol-version": version})
    assert answer.status_code < 500, answer.text
    assert answer.status_code >= 400 or "error" in answer.json(), answer.text
    assert "Traceback" not in answer.text


def test_bodies(in_process: InProcessServer) -> None:
    org = in_process.orgs["Acme"]
    with in_process.client(org) as client:
        packed = gzip.compress(json.dumps(PING).encode())
        assert client.post("/mcp", content=packed, headers=HEADERS | {"content-encoding": "gzip"}).json()["result"] == {}
        large = client.post("/mcp", content=b" " * (MAX_BODY + 1), headers=HEADERS)
        assert (large.status_code, large.json()["code"]) == (413, "request.body_too_large")


def test_the_settings(tmp_path: Path) -> None:
    with in_process_server(tmp_path / "without", environment={"PENSTOCK_MCP_ENABLED": "false"}) as server:
        assert request_to(server.client(server.orgs["Acme"]), "ping", {}).status_code == 404
    with in_process_server(tmp_path / "limited", environment={"PENSTOCK_LIMITS_MCP_REQUESTS_PER_MINUTE": "2"}) as server:
        client = server.client(server.orgs["Acme"])
        assert [request_to(client, "ping", {}).status_code for _ in range(3)] == [200, 200, 429]
        assert client.get("/api/v2/devices").status_code == 200
