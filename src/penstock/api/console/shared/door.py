"""The API for the console's own scripts, below `/console/api`: charts, editors, downloads, tickets of streams.

A script has no credential. Its requests are admitted with the session in the cookie, if they come from a page of this server; a
request that changes something must also carry the session's token for forms. A script in a response never runs in a browser that
opens it: it would run as the console.
"""

from __future__ import annotations

from penstock.api.console.shared.origin import check_form, check_read
from penstock.api.shared.inside import marked
from penstock.kit.http import App, Message, Receive, RouteNotFound, Scope, Send
from penstock.kit.request_id import request_id_of

PREFIX = "/console/api/"
READS = ("GET", "HEAD")
_DROPPED = frozenset({b"cookie", b"authorization", b"authentication", b"x-api-key", b"x-organization-id", b"x-csrf-token"})
_ADDED = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
)
"""Headers of each response that does not have its own."""


async def open_door(app: App, scope: Scope, receive: Receive, send: Send, *, token: str, session: str) -> None:
    """Pass a request on to the API, as the person of the session.

    Raises:
        FormRefused: the request does not come from one of our pages.
        RouteNotFound: the path is not spelled as our pages do.
    """
    if not scope["raw_path"].startswith(PREFIX.encode()):  # partly encoded: cut, it would be another path than the decoded one
        raise RouteNotFound()
    if scope["method"] not in READS:
        check_form(scope, session, None)
    else:
        check_read(scope, session)
    headers = [(name, value) for name, value in scope["headers"] if name not in _DROPPED]
    headers += [(b"authorization", b"Bearer " + token.encode()), (b"x-organization-id", b"own")]
    # The path is cut, and not decoded and encoded again: the API's router judges it as it was sent.
    raw_path = b"/api/" + scope["raw_path"][len(PREFIX) :]
    path = "/api/" + scope["path"][len(PREFIX) :]
    inner = {**scope, "path": path, "raw_path": raw_path, "headers": headers, "penstock.request_id": request_id_of(scope)}
    await app(marked(inner), receive, _harmless(send))


def _harmless(send: Send) -> Send:
    async def completed(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name for name, _ in message["headers"]}
            added = [(name, value) for name, value in _ADDED if name not in known]
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return completed
