"""The endpoint `/mcp`: the Streamable HTTP transport, in front of the API like the console.

A request is checked before the library of the protocol sees it: its origin, its credential, its limits and the size of its body.
Then it is answered by a server of its own, without a session; if the client leaves, all that the request started is cancelled.

Source: Model Context Protocol 2025-11-25, "Transports", and 2026-07-28; a server without streams answers 405 to GET.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec
import structlog

from penstock.api.mcp.calling import ApiCalls, OwnCalls
from penstock.api.mcp.errors import OriginRefused
from penstock.api.shared.cors import Origins
from penstock.api.shared.in_process import InProcess, receiving
from penstock.api.shared.later import Later
from penstock.api.shared.surface import NO_STORE
from penstock.core.actor import Actor
from penstock.kit.decoding import decode_query
from penstock.kit.errors import InternalError, PenstockError
from penstock.kit.http import (
    App,
    BodyBudget,
    ClientGone,
    Message,
    MethodNotAllowed,
    Receive,
    Scope,
    Send,
    header,
    identifying,
    read_body,
    send_problem,
    until_gone,
)
from penstock.kit.request_id import request_id_of

PATH = "/mcp"
MAX_BODY = 1_048_576
"""Bytes of a request. The largest operations behind tools take as much."""
_LOOPBACK = re.compile(rb"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?")

_log = structlog.get_logger()
Admit = Callable[[Scope], Awaitable[Actor]]
"""The caller of a request, which is counted. Raises the errors of admission."""


class Answers(Protocol):
    """Answers requests over HTTP; `server.py` has it."""

    def over_http(self, calls: ApiCalls, only: str | None = None) -> App:
        """The application that answers one request."""


class McpQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query of the endpoint: `tools` lists how the names of the wanted tools begin, with commas; all without it."""

    tools: str | None = None


class WithMcp:
    """An ASGI application that serves assistants at `/mcp`, and everything else by the API."""

    def __init__(self, api: App, admit: Admit, answers: Later[Answers], budget: BodyBudget, origins: Sequence[str] = ()) -> None:
        """`origins` are those of the API's CORS."""
        self._api = api
        self._own = InProcess(api)
        self._admit = admit
        self._answers = answers
        self._budget = budget
        self._origins = Origins(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            return await self._serve(scope, receive, identifying(scope, _private(send)))
        return await self._api(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check_origin(scope)
            actor = await self._admit(scope)
            if scope["method"] != "POST":
                raise MethodNotAllowed(method=str(scope["method"])[:16], allow="POST")
            query = decode_query(scope["query_string"], McpQuery)
            body = await read_body(scope, receive, MAX_BODY, self._budget)
        except PenstockError as error:
            await send_problem(send, error, request_id_of(scope))
            return
        except ClientGone:
            return
        answers = await self._answers.get()
        app = answers.over_http(OwnCalls(self._own, scope, actor), query.tools)
        await _while_there(app, scope, body, receive, send)

    def _check_origin(self, scope: Scope) -> None:
        """Check which page makes a browser call. Other programs send no origin.

        A page whose host name was made to point here (DNS rebinding) has that name as its origin, so being of the same origin
        says nothing.
        """
        origin = header(scope, b"origin")
        if origin is not None and not self._origins.allow(origin) and not _LOOPBACK.fullmatch(origin):
            raise OriginRefused()


async def _while_there(app: App, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
    """Answer a request until it is answered or its client leaves."""
    work = asyncio.ensure_future(_answered(app, scope, body, send))
    leaving = asyncio.ensure_future(until_gone(receive))
    try:
        await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (work, leaving):
            task.cancel()
        await asyncio.gather(work, leaving, return_exceptions=True)
    if not work.cancelled():
        work.result()


async def _answered(app: App, scope: Scope, body: bytes, send: Send) -> None:
    started = False

    async def watched(message: Message) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        await app(scope, receiving(body), watched)  # that the client leaves is noticed elsewhere
    except Exception as error:  # the edge: a bug is logged once and returned as a server error
        _log.error("mcp_failed", request_id=request_id_of(scope), exc_info=error)
        if started:
            raise
        await send_problem(send, InternalError(), request_id_of(scope))


def _private(send: Send) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], NO_STORE]}
        await send(message)

    return marked
