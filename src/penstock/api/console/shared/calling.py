"""Calls of the API by the console's pages, on behalf of the person who looks at them."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.in_process import ORIGIN_HEADERS, ApiAnswer, InProcess, Query, encode_query, passed_on
from penstock.api.shared.inside import marked
from penstock.kit.http import App, Scope


class ApiFailed(Exception):
    """A call of the API failed, and the page has no use for its error. `problem` is the problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("code", str(status)))
        self.status = status
        self.problem = problem


class ApiCaller:
    """Calls the application that serves the API."""

    def __init__(self, app: App) -> None:
        self._api = InProcess(app, marked)

    async def call(
        self, outer: Scope, method: str, path: str, *, query: Query, body: bytes | None, token: str | None, version: str = ""
    ) -> ApiAnswer:
        """Call an operation on behalf of the browser whose request `outer` is, with its access token.

        `version` is the ETag of the thing to change: if it is no longer the current one, the response is 412.
        """
        headers = passed_on(outer, ORIGIN_HEADERS)
        if token is not None:
            headers += [(b"authorization", b"Bearer " + token.encode()), (b"x-organization-id", b"own")]
        if version:
            headers.append((b"if-match", version.encode("latin-1")))
        return await self._api.call(outer, method, path, query=encode_query(query), headers=headers, body=body)
