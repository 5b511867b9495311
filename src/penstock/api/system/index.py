"""The start page: where everything else is, for a person who opens the address of a server and for a program that asks it."""

from __future__ import annotations

from html import escape

import msgspec

from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.routes import Routes
from penstock.kit.http import Headers, Send, header
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
_POLICY = (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")


class Index(msgspec.Struct, frozen=True):
    """The server's name and version, and the paths to begin with."""

    name: str
    version: str
    links: dict[str, str]


class IndexEndpoints:
    """The start page. It is public, and the same for everyone."""

    routes = Routes("", surface="system", tag="System")

    def __init__(self, version: str) -> None:
        self._index = Index("Penstock", version, _LINKS)

    @routes.get("/", scope=None, example=Example(answer={"name": "Penstock", "version": "0.1.0", "links": _LINKS}))
    async def index(self, call: Call[None, None]) -> Answer[Index] | Stream:
        """Get the start page.

        Links to the documentation, the OpenAPI document and the health checks: as a page for browsers, as JSON for everyone else.
        """
        if b"text/html" in (header(call.scope, b"accept") or b""):
            return _page(self._index)
        return Answer(body=self._index, headers=[_VARY])


def _page(index: Index) -> Stream:
    items = "".join(f'<li><a href="{escape(path)}">{escape(name)}</a></li>' for name, path in index.links.items())
    title = escape(f"{index.name} {index.version}")
    text = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    body = f"{text}<body><h1>{title}</h1><ul>{items}</ul></body></html>\n".encode()
    headers: Headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        _VARY,
        _POLICY,
    ]

    async def write(send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return Stream(write=write)
