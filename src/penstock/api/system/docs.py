"""The documentation: the OpenAPI document, and two pages that show it. All they load comes from this server.

Swagger UI and ReDoc are shipped in `static/` (`vendored.toml` has their versions, licences and hashes). The pages have a content
security policy that blocks everything else, and no script of their own: those in `static/pages` start the programs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.routes import Routes
from penstock.kit.http import RouteNotFound, Send
from penstock.kit.operation import Example

HTML = "text/html; charset=utf-8"
_STATIC = Path(__file__).parent / "static"
_JAVASCRIPT = b"text/javascript; charset=utf-8"
_CSS = b"text/css; charset=utf-8"
_FILES: dict[str, bytes] = {
    "swagger-ui/swagger-ui-bundle.js": _JAVASCRIPT,
    "swagger-ui/swagger-ui.css": _CSS,
    "redoc/redoc.standalone.js": _JAVASCRIPT,
    "pages/docs.js": _JAVASCRIPT,
    "pages/redoc.js": _JAVASCRIPT,
}
"""The files that are served, with their media types."""
_SWAGGER_UI_VERSION = "5.35.0"
_REDOC_VERSION = "2.5.4"
_PAGES_VERSION = "1"
"""Counts the changes of our own to the files of a version: browsers keep them for a year."""

_ONE_YEAR_S = 31_536_000
# Pages and document change with the program's version, and their URLs do not.
_REVALIDATE = (b"cache-control", b"no-cache")
# Both programs write `style` elements, and ReDoc's search runs in a worker created from a blob.
_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    b"worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)

# The empty icon keeps browsers from requesting /favicon.ico, which does not exist.
_SWAGGER_UI_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Penstock API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/static/swagger-ui/swagger-ui.css?v={_SWAGGER_UI_VERSION}-{_PAGES_VERSION}">
</head>
<body>
<div id="page"></div>
<script src="/docs/static/swagger-ui/swagger-ui-bundle.js?v={_SWAGGER_UI_VERSION}-{_PAGES_VERSION}"></script>
<script src="/docs/static/pages/docs.js?v={_PAGES_VERSION}"></script>
</body>
</html>
"""
_REDOC_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Penstock API</title>
<link rel="icon" href="data:,">
<style>body {{ margin: 0; }}</style>
</head>
<body>
<div id="page"></div>
<script src="/docs/static/redoc/redoc.standalone.js?v={_REDOC_VERSION}-{_PAGES_VERSION}"></script>
<script src="/docs/static/pages/redoc.js?v={_PAGES_VERSION}"></script>
</body>
</html>
"""


class DocsEndpoints:
    """The document and its pages. They are public: they contain no secret and are the same for everyone."""

    routes = Routes("", surface="system", tag="System")

    def __init__(self, build: Callable[[], dict[str, Any]]) -> None:
        self._build = build
        self._document: bytes | None = None
        self._files: dict[str, bytes] = {}

    @routes.get(
        "/openapi.json",
        scope=None,
        example=Example(answer={"openapi": "3.1.0", "info": {"title": "Penstock", "version": "0.1.0"}, "paths": {}}),
    )
    async def openapi(self, call: Call[None, None]) -> Answer[dict[str, object]]:
        """Get the OpenAPI document.

        The whole API as one OpenAPI 3.1 document.
        """
        # Built at the first request and kept, because operations do not change while a server runs.
        if self._document is None:
            self._document = msgspec.json.encode(self._build())
        return Answer(body=self._document, headers=[_REVALIDATE])

    @routes.get(
        "/docs",
        scope=None,
        media_type=HTML,
        example=Example(answer="<!doctype html>"),
    )
    async def swagger_ui(self, call: Call[None, None]) -> Answer[str]:
        """Open the documentation in Swagger UI.

        A page on which you can try out calls.
        """
        return _page(_SWAGGER_UI_PAGE)

    @routes.get(
        "/redoc",
        scope=None,
        media_type=HTML,
        example=Example(answer="<!doctype html>"),
    )
    async def redoc(self, call: Call[None, None]) -> Answer[str]:
        """Open the documentation in ReDoc.

        A page for reading.
        """
        return _page(_REDOC_PAGE)

    @routes.get(
        "/docs/static/{name:path}",
        scope=None,
        media_type="text/css; charset=utf-8",
        example=Example(path={"name": "swagger-ui/swagger-ui.css"}, answer=".swagger-ui { }"),
    )
    async def static_file(self, call: Call[None, None]) -> Stream:
        """Get a file of a documentation page.

        A script or style sheet, as shipped. The pages include its version in the URL, so it can be cached for a year.
        """
        name = call.path["name"]
        media_type = _FILES.get(name)
        # Only listed names are read, so a path cannot leave the folder.
        if media_type is None:
            raise RouteNotFound()
        if name not in self._files:
            self._files[name] = (_STATIC / name).read_bytes()
        return _file(self._files[name], media_type)


def _page(text: str) -> Answer[str]:
    return Answer(body=text.encode(), headers=[_POLICY, _REVALIDATE])


def _file(body: bytes, media_type: bytes) -> Stream:
    """A stream instead of a plain response, because the media type is the file's and not the operation's."""

    async def write(send: Send) -> None:
        headers = [
            (b"content-type", media_type),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"public, max-age=%d, immutable" % _ONE_YEAR_S),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return Stream(write=write)
