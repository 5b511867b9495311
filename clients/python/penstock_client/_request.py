"""One call: what is sent, in which form, and when it may be sent again. Without any I/O, so that both clients share it."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from urllib.parse import quote

import httpx

from .errors import ConfigurationInvalid, ConnectionFailed, TimedOut, retry_after_of


class Unset(Enum):
    """The type of `UNSET`: the field is left out, which is not the same as sending null (`None`)."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE", "PATCH"})
_UNAVAILABLE = frozenset({502, 503, 504})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
GONE = 404
TOO_MANY = 429


@dataclass(frozen=True)
class Retries:
    """How calls are repeated: `count` times at most, after `first_s`, twice that and so on up to `longest_s`, or up to half less.

    `Retry-After` of the server counts instead, up to `patience_s`: a call that would have to wait longer fails at once.
    """

    count: int = 4
    first_s: float = 0.25
    longest_s: float = 20.0
    patience_s: float = 60.0

    def backoff(self, attempt: int) -> float:
        """Seconds to wait after the failed attempt, counted from 0."""
        full = min(self.longest_s, self.first_s * 2.0 ** min(attempt, 30))
        return full * random.uniform(0.5, 1.0)  # noqa: S311  spreads the calls of many clients; it is no secret


@dataclass(frozen=True)
class Request:
    """A call before it is sent.

    `path` is encoded. `body` is JSON, or bytes with a `media_type`; `UNSET` for none. `key` is the `Idempotency-Key`, by which a
    POST can be repeated. `timeout_s` replaces the client's.
    """

    method: str
    path: str
    query: Mapping[str, Any] | None = None
    body: Any = UNSET
    media_type: str = "application/json"
    key: str | None = None
    if_match: str | None = None
    headers: Mapping[str, str] | None = None
    timeout_s: float | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it does no harm to send it again when it is unknown whether it was done.

        A change on condition (`if_match`) would be refused the second time because of its own first.
        """
        return (self.method in _REPEATABLE and self.if_match is None) or self.key is not None

    def sent_headers(self) -> dict[str, str]:
        """The headers that belong to this call alone."""
        headers = dict(self.headers) if self.headers else {}
        if self.body is not UNSET:
            headers["content-type"] = self.media_type
        if self.key is not None:
            headers["idempotency-key"] = self.key
        if self.if_match is not None:
            headers["if-match"] = self.if_match
        return headers

    def content(self) -> bytes | None:
        """The body as bytes."""
        if self.body is UNSET:
            return None
        return self.body if isinstance(self.body, bytes) else encoded(self.body)

    def target(self) -> str:
        """Path and query."""
        query = encoded_query(self.query) if self.query else ""
        return f"{self.path}?{query}" if query else self.path


def wait_after_answer(request: Request, response: httpx.Response, attempt: int, retries: Retries) -> float | None:
    """Seconds until a refused call is sent again; None if it is not."""
    status = response.status_code
    wait = retry_after_of(response)
    if status == TOO_MANY:
        repeat = wait is not None  # without a time, nothing will change by itself
    else:
        # A 503 with a time means that nothing was done; what a proxy answers by itself does not.
        repeat = status in _UNAVAILABLE and (request.repeatable or (status == 503 and wait is not None))
    if not repeat or attempt >= retries.count:
        return None
    pause = retries.backoff(attempt)
    if wait is None:
        return pause
    return wait + pause * 0.1 if wait <= retries.patience_s else None


def wait_after_failure(request: Request, error: httpx.TransportError, attempt: int, retries: Retries) -> float | None:
    """Seconds until a call without an answer is sent again; None if it is not."""
    if attempt >= retries.count or isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return None
    return retries.backoff(attempt) if request.repeatable or isinstance(error, _NOT_SENT) else None


def failure_of(error: httpx.TransportError) -> ConnectionFailed:
    """The error of a call without an answer. It says what happened and nothing of the call, which may hold secrets."""
    kind = TimedOut if isinstance(error, httpx.TimeoutException) else ConnectionFailed
    return kind(f"no answer from the server: {str(error) or type(error).__name__}")


def new_key() -> str:
    """A new idempotency key."""
    return str(uuid.uuid4())


def present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a body that were given."""
    return {name: value for name, value in fields.items() if value is not UNSET}


def quoted(value: str) -> str:
    """A value as one segment of a path."""
    if not isinstance(value, str):
        raise ConfigurationInvalid(f"a part of the path must be a string, and is {type(value).__name__}")
    if value in ("", ".", ".."):
        raise ConfigurationInvalid("a part of the path must be neither empty nor dots: it would name another thing")
    return value if value.isalnum() and value.isascii() else quote(value, safe="")


def encoded(body: Any) -> bytes:
    """A body as JSON. Times are written in RFC 3339, and must have an offset.

    Raises:
        ConfigurationInvalid: it holds something that JSON has not, such as NaN or a time without an offset.
    """
    try:
        return json.dumps(body, default=_plain, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise ConfigurationInvalid(f"the body is not JSON: {error}") from None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return written_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def written_time(value: datetime) -> str:
    """A time in RFC 3339.

    Raises:
        ConfigurationInvalid: it has no offset from UTC. Which one is meant is not guessed.
    """
    if value.tzinfo is None:
        raise ConfigurationInvalid("a time must have an offset from UTC: datetime(…, tzinfo=timezone.utc)")
    return value.isoformat().replace("+00:00", "Z")


def encoded_query(query: Mapping[str, Any]) -> str:
    """The parameters that are given, encoded: lists are repeated."""
    pairs = []
    for name, value in query.items():
        if value is None or value is UNSET:
            continue
        values = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
        pairs += [f"{quote(name, safe='')}={quote(_in_query(one), safe=',:')}" for one in values]
    return "&".join(pairs)


def joined(value: str | Iterable[str] | None) -> str | None:
    """Values of a parameter that takes several, separated by commas."""
    return value if value is None or isinstance(value, str) else ",".join(value)


def _in_query(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    return written_time(value) if isinstance(value, datetime) else str(value)
