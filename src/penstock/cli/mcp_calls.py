"""Calls of a server at a distance for the tools of `penstock mcp`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

from penstock import __version__
from penstock.api.mcp.calling import Allowed, with_scopes
from penstock.api.shared.in_process import ApiAnswer
from penstock.cli.remote import RemoteFailed
from penstock.kit.http import problem
from penstock.kit.quoting import one_line
from penstock.kit.secret import Secret

TIMEOUT_S = 60.0
MAX_ANSWER_BYTES = 16_777_216
ME = "/api/v2/me"


class RemoteCalls:
    """Calls operations of a server with a key."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def call(self, method: str, path: str, query: str = "", body: bytes | None = None) -> ApiAnswer:
        """The response to a call. A server that cannot be reached is a 503 with the reason."""
        headers = {} if body is None else {"content-type": "application/json"}
        target = f"{path}?{query}" if query else path
        try:
            async with self._client.stream(method, target, content=body, headers=headers) as answer:
                content = b""
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > MAX_ANSWER_BYTES:
                        return _unreachable(f"the response has more than {MAX_ANSWER_BYTES:,} bytes")
                return ApiAnswer(status=answer.status_code, headers=_lowered(answer.headers), body=content)
        except httpx.HTTPError as error:
            return _unreachable(one_line(str(error) or type(error).__name__))

    async def allowed(self) -> Allowed:
        """Which operations the key can call; all, if the key cannot ask for its own scopes."""
        answer = await self.call("GET", ME)
        scopes = _scopes_in(answer) if answer.ok else None
        return (lambda operation: operation.scope is not None) if scopes is None else with_scopes(scopes)


@asynccontextmanager
async def calling(url: str, key: Secret, organization: str) -> AsyncIterator[RemoteCalls]:
    """Calls of a server at an address, such as https://iot.example.org."""
    headers = {
        "authorization": f"Bearer {key.reveal()}",
        "x-organization-id": organization,
        "user-agent": f"penstock-mcp/{__version__}",
    }
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_S) as client:
        yield RemoteCalls(client)


def _scopes_in(answer: ApiAnswer) -> frozenset[str] | None:
    try:
        found: Any = answer.value
    except msgspec.DecodeError:
        return None
    scopes = found.get("scopes") if isinstance(found, dict) else None
    return frozenset(scopes) if isinstance(scopes, list) else None


def _unreachable(reason: str) -> ApiAnswer:
    body = msgspec.json.encode(problem(RemoteFailed(reason=reason), ""))
    return ApiAnswer(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=[], body=body)


def _lowered(headers: httpx.Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers.raw]
