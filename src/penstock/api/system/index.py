"""The start: where everything else is, for a program that asks a server, and for a person who opens its address."""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.kit.http import header
from penstock.kit.operation import Example

_LINKS = {
    "documentation": "/docs",
    "reference": "/redoc",
    "openapi": "/openapi.json",
    "health": "/health",
    "readiness": "/ready",
}
# The response depends on whether the caller is a browser.
_VARY = (b"vary", b"Accept")
_HOME = b"/console"
_CONSOLE = {"console": "/console"}


class Index(msgspec.Struct, frozen=True):
    """The server's name and version, and the paths to begin with."""

    name: str
    version: str
    links: dict[str, str]


class IndexEndpoints:
    """The start page. It is public, and the same for everyone."""

    routes = Routes("", surface="system", tag="System")

    def __init__(self, version: str, *, console: bool) -> None:
        self._index = Index("Penstock", version, (_CONSOLE if console else {}) | _LINKS)
        self._home = _HOME if console else b"/docs"

    @routes.get("/", scope=None, example=Example(answer={"name": "Penstock", "version": "0.1.0", "links": _LINKS}))
    async def index(self, call: Call[None, None]) -> Answer[Index]:
        """Get the start page.

        Links to the documentation, the OpenAPI document and the health checks. Browsers are sent to the web console, or to the
        documentation if there is none.
        """
        if b"text/html" in (header(call.scope, b"accept") or b""):
            return Answer(status=HTTPStatus.SEE_OTHER, headers=[(b"location", self._home), _VARY])
        return Answer(body=self._index, headers=[_VARY])
