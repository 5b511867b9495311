"""Where a request of a browser comes from: pages of other sites must not make the console do anything."""

from __future__ import annotations

from urllib.parse import urlsplit

from penstock.api.console.shared.cookies import CSRF_HEADER, is_csrf_token
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.http import Scope, header


class FormRefused(PenstockError):
    """A form was sent from another site, or by a page that is too old."""

    kind, code = Kind.FORBIDDEN, "console.form_refused"
    message = "the form could not be matched with this session; open the page again and repeat"


def is_same_origin(scope: Scope) -> bool:
    """Whether a form comes from a page of this server, as far as the browser says so."""
    site = header(scope, b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    # Old browsers, and connections without TLS. `null` is the origin of a page that hides its own: ours do not.
    origin = header(scope, b"origin")
    return origin is None or _is_ours(scope, origin)


def is_of_our_pages(scope: Scope) -> bool:
    """Whether one of our pages made a request, by a script, a link or an image.

    Unlike a page, an operation of the API can do something already when it is read, such as using up a code. So an address that
    was typed, or opened by a link in a mail or of another site, is not enough, and neither is a browser that says nothing.
    """
    site = header(scope, b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    origin = header(scope, b"origin") or header(scope, b"referer")
    return origin is not None and _is_ours(scope, origin)


def check_read(scope: Scope, session: str) -> None:
    """Check that one of our pages reads from the API.

    Raises:
        FormRefused: it does not.
    """
    if not is_of_our_pages(scope) and (header(scope, b"sec-fetch-site") or not has_token(scope, session)):
        raise FormRefused()


def check_form(scope: Scope, session: str | None, token: str | None) -> None:
    """Check that one of our pages sent a form: its origin, and in a session also its token (in a field or a header).

    Raises:
        FormRefused: it did not.
    """
    if not is_same_origin(scope) or (session is not None and not has_token(scope, session, token)):
        raise FormRefused()


def has_token(scope: Scope, session: str, token: str | None = None) -> bool:
    """Whether a request has the session's token for forms, in the header or as this field."""
    return is_csrf_token(session, (header(scope, CSRF_HEADER) or b"").decode("latin-1") or token or "")


def _is_ours(scope: Scope, address: bytes) -> bool:
    try:
        return urlsplit(address.decode("latin-1")).netloc.encode("latin-1") == header(scope, b"host")
    except ValueError:  # brackets around something that is not an address
        return False
