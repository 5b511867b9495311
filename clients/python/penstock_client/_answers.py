"""Answers are dictionaries, typed as `TypedDict`: making objects of them would cost more than the call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


class Answer(dict[str, Any]):
    """A JSON object as the server sent it, which also has its headers of interest. They are looked up when they are asked for."""

    __slots__ = ("_headers",)

    _headers: Mapping[str, str]

    @property
    def etag(self) -> str | None:
        """The version of the thing, for `if_match`; None if it has none."""
        return self._headers.get("etag")

    @property
    def request_id(self) -> str:
        """The id of the request, as in the server's log."""
        return self._headers.get("x-request-id", "")

    @property
    def replayed(self) -> bool:
        """Whether it is the stored answer to an earlier call with the same idempotency key."""
        return self._headers.get("idempotent-replayed") == "true"

    @property
    def retry_after(self) -> float | None:
        """Seconds until what was left out of a partial success is sent again."""
        wait = self._headers.get("retry-after", "")
        return float(wait) if wait.isdigit() else None


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
    answer = Answer(found)
    answer._headers = response.headers
    return answer
