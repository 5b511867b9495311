"""Where a request of a browser comes from: pages of other sites must not make the console do anything."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from penstock.api.console.shared.cookies import CSRF_HEADER, csrf_token
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.http import Scope, header


class FormRefused(PenstockError):
    """A form was sent from another site, or by a page that is too old."""

    kind, code = Kind.FORBIDDEN, "console.form_refused"
    message = "the form could not be matched with this session; open the page again and repeat"


def is_same_origin(scope: Scope) -> bool:
    """Whether a request comes from a page of this server, or was typed into the address bar."""
    site = header(scope, b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    # Old browsers. With the referrer policy of our pages they may send `null`: then the token alone decides.
    origin = header(scope, b"origin")
    if origin is None or origin == b"null":
        return True
    return urlsplit(origin.decode("latin-1")).netloc.encode("latin-1") == header(scope, b"host")


def check_form(scope: Scope, session: str | None, token: str | None) -> None:
    """Check that one of our pages sent a form: its origin, and in a session also its token (in a field or a header).

    Raises:
        FormRefused: it did not.
    """
    if not is_same_origin(scope):
        raise FormRefused()
    if session is None:
        return
    sent = (header(scope, CSRF_HEADER) or b"").decode("latin-1") or token or ""
    if not hmac.compare_digest(sent.encode(), csrf_token(session).encode()):
        raise FormRefused()
