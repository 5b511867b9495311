"""What can go wrong, as classes by status; `code` says exactly what (docs/errors.md lists the codes)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


SHOWN_FIELDS = 5
"""How many fields at fault the sentence of an error names; `errors` has all."""


class PenstockError(Exception):
    """The base of everything that this library raises on purpose."""


class ConfigurationInvalid(PenstockError, ValueError):
    """The client cannot be made of these arguments, or an argument of a method is not usable."""


class ConnectionFailed(PenstockError):
    """No answer came, after all repetitions. Of a call that is not repeated, the server may have done it."""


class TimedOut(ConnectionFailed):
    """No answer came in time."""


@dataclass(frozen=True)
class InvalidField:
    """What is wrong with one field. `field` is its path with dots, empty for the input as a whole."""

    field: str
    code: str
    detail: str


class ApiError(PenstockError):
    """The server refused a call.

    `status` is that of HTTP, `code` is stable and for programs, `detail` is one sentence for people. `request_id` is in the
    server's log. `errors` are the fields at fault, of a call with invalid input. `retry_after` is in seconds, None if the
    server does not say when to try again. `body` is the whole problem document.
    """

    def __init__(self, status: int, body: dict[str, Any], request_id: str, retry_after: float | None) -> None:
        self.status = status
        self.body = body
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.request_id = request_id
        self.retry_after = retry_after
        self.errors = [_invalid_field(one) for one in body.get("errors") or () if isinstance(one, dict)]
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        fields = [f"{one.field}: {one.detail}" if one.field else one.detail for one in self.errors[:SHOWN_FIELDS]]
        more = [f"{len(self.errors) - SHOWN_FIELDS} more"] if len(self.errors) > SHOWN_FIELDS else []
        sentence = "; ".join([*fields, *more]) or self.detail or f"HTTP status {self.status}"
        marks = ", ".join(one for one in (str(self.status), self.code, self.request_id) if one)
        return f"{sentence} [{marks}]"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.status, self.body, self.request_id, self.retry_after))


class ValidationFailed(ApiError):
    """400: the input is invalid. `errors` names the fields."""


class Unauthenticated(ApiError):
    """401: the key is missing, unknown, revoked or expired."""


class Forbidden(ApiError):
    """403: the key does not have the scope, or may not do this."""


class NotFound(ApiError):
    """404: there is no such thing in the organisation."""


class Conflict(ApiError):
    """409: the call conflicts with something that exists, or with its state."""


class PreconditionFailed(ApiError):
    """412: the thing was changed since it was read (`if_match`). Read it again."""


class TooLarge(ApiError):
    """413: the body is larger than the call accepts."""


class IdempotencyMismatch(ApiError):
    """422: the idempotency key was used with another request."""


class RateLimited(ApiError):
    """429: a limit is reached. `retry_after` is in seconds; None if nothing resets, as with the number of devices."""


class ServerError(ApiError):
    """5xx: the server failed. Report the `request_id` to its operator."""


class Unavailable(ServerError):
    """503: the server cannot do this at the moment; `retry_after` says when to try again."""


_OF_STATUS: dict[int, type[ApiError]] = {
    400: ValidationFailed,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: PreconditionFailed,
    413: TooLarge,
    422: IdempotencyMismatch,
    429: RateLimited,
    503: Unavailable,
}


def error_of(response: httpx.Response) -> ApiError:
    """The error that an answer is. Its body must have been read."""
    try:
        found = json.loads(response.content)
    except ValueError:
        found = None  # a proxy in between answers with a page
    body: dict[str, Any] = found if isinstance(found, dict) else {}
    status = response.status_code
    kind = _OF_STATUS.get(status, ServerError if status >= 500 else ApiError)
    request_id = response.headers.get("x-request-id") or str(body.get("request_id", ""))
    return kind(status, body, request_id, retry_after_of(response))


def retry_after_of(response: httpx.Response) -> float | None:
    """The seconds of `Retry-After`, which can also be a time."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone.utc)
    return max(0.0, (at - datetime.now(timezone.utc)).total_seconds())


def _invalid_field(found: dict[str, Any]) -> InvalidField:
    return InvalidField(str(found.get("field", "")), str(found.get("code", "")), str(found.get("detail", "")))
