"""Answers are dictionaries, typed as `TypedDict`: making objects of them would cost more than the call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


class Answer(dict[str, Any]):
    """A JSON object as the server sent it, which also has its headers of interest.

    `etag` names the version, for `if_match`; None if the thing has none. `request_id` is in the server's log. `replayed`:
    it is the stored answer to an earlier call with the same idempotency key. `retry_after`, in seconds, is that of a
    partial success.
    """

    __slots__ = ("etag", "replayed", "request_id", "retry_after")

    etag: str | None
    request_id: str
    replayed: bool
    retry_after: float | None


def etag_of(answer: Mapping[str, Any]) -> str | None:
    """The version of an answer, to send as `if_match` with a change."""
    return answer.etag if isinstance(answer, Answer) else None


def request_id_of(answer: Mapping[str, Any]) -> str:
    """The id of the request that was answered so, as in the server's log."""
    return answer.request_id if isinstance(answer, Answer) else ""


def answer_of(response: httpx.Response) -> Any:
    """What a successful response says; None if it has no content."""
    content = response.content
    if not content:
        return None
    found = json.loads(content)
    if type(found) is not dict:
        return found
    headers = response.headers
    answer = Answer(found)
    answer.etag = headers.get("etag")
    answer.request_id = headers.get("x-request-id", "")
    answer.replayed = headers.get("idempotent-replayed") == "true"
    wait = headers.get("retry-after")
    answer.retry_after = float(wait) if wait is not None and wait.isdigit() else None
    return answer
