"""The cookies of the console: the session, what the next page says, and how the person's browser shows things."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

import msgspec

from penstock.kit.http import Scope, header

SESSION = "penstock_session"
TLS_SESSION = f"__Host-{SESSION}"
"""Its name over TLS: browsers keep such a cookie only if this host has set it over TLS, so that no neighbour can give a person
another session. Over plain HTTP they would drop it."""
NOTICE = "penstock_notice"
ZONE = "penstock_zone"
THEME = "penstock_theme"
CSRF_FIELD = "csrf_token"
CSRF_HEADER = b"x-csrf-token"
MAX_COOKIE_BYTES = 8192
_NOTICE_S = 60
_CSRF_BYTES = hashlib.sha256().digest_size


class Notice(msgspec.Struct, frozen=True):
    """What the next page says about the action before it. `tone` is `good`, `bad` or `plain`."""

    tone: str
    text: str


def read_cookies(scope: Scope) -> dict[str, str]:
    """The cookies of a request. Malformed ones are left out."""
    raw = header(scope, b"cookie") or b""
    if len(raw) > MAX_COOKIE_BYTES:
        return {}
    # Not `http.cookies`: it stops at the first cookie that it finds malformed, so that one of another application on the same
    # host, such as a JSON text, would hide the session.
    pairs = (part.partition("=") for part in raw.decode("latin-1").split(";"))
    return {name.strip(): value.strip(' \t"') for name, equals, value in pairs if equals and name.strip()}


def is_tls(scope: Scope) -> bool:
    """Whether the browser asks over TLS, which a proxy may have ended."""
    return scope.get("scheme") == "https" or header(scope, b"x-forwarded-proto") == b"https"


def session_of(scope: Scope, cookies: dict[str, str]) -> str | None:
    """The session in the cookies of a request; None if there is none. Over TLS the cookie without the prefix does not count."""
    return cookies.get(_name(scope)) or None


def session_cookie(scope: Scope, refresh_token: str, *, secure: bool, max_age_s: int) -> bytes:
    """The header's value that keeps a session. Scripts cannot read it, and other sites' forms do not send it."""
    return _cookie(_name(scope), refresh_token, max_age_s, "; Secure" if secure or is_tls(scope) else "")


def ended_session_cookie(scope: Scope, *, secure: bool) -> bytes:
    """The header's value that removes the session."""
    return session_cookie(scope, "", secure=secure, max_age_s=0)


def _name(scope: Scope) -> str:
    return TLS_SESSION if is_tls(scope) else SESSION


def notice_cookie(notice: Notice | None) -> bytes:
    """The header's value that keeps a notice for the next page, or removes it."""
    if notice is None:
        return _cookie(NOTICE, "", 0, "")
    return _cookie(NOTICE, base64.urlsafe_b64encode(msgspec.json.encode(notice)).decode(), _NOTICE_S, "")


def read_notice(text: str | None) -> Notice | None:
    """The notice of a cookie; None if there is none."""
    if not text:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text), type=Notice)
    except (ValueError, msgspec.DecodeError, RecursionError):  # a page of a neighbouring host can set this cookie
        return None


def csrf_token(session: str) -> str:
    """A token that forms of a session carry. Another site can neither read it nor compute it.

    Each page has another one: pages are compressed, and from the sizes of many pages that repeat a text of the reader's address a
    listener could guess one that stays the same. Source: the attack "BREACH".
    """
    mask = secrets.token_bytes(_CSRF_BYTES)
    return base64.urlsafe_b64encode(mask + _xor(mask, _csrf_secret(session))).decode()


def is_csrf_token(session: str, token: str) -> bool:
    """Whether a token is one of a session."""
    try:
        raw = base64.urlsafe_b64decode(token)
    except ValueError:
        return False
    if len(raw) != 2 * _CSRF_BYTES:
        return False
    half = len(raw) // 2
    return hmac.compare_digest(_xor(raw[:half], raw[half:]), _csrf_secret(session))


def _csrf_secret(session: str) -> bytes:
    return hmac.digest(session.encode(), b"penstock console form", hashlib.sha256)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))


def _cookie(name: str, value: str, max_age_s: int, more: str) -> bytes:
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{more}".encode()
