"""Calls of the API of a server at a distance, for commands that people and pipelines use. They need no data directory.

PENSTOCK_URL       such as https://iot.example.org
PENSTOCK_API_KEY   a key; never an argument, because the list of processes and the shell's history show those
PENSTOCK_ORG       the id of the organisation, which must then be that of the key; can be omitted
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from penstock.core.actor import OWN_ORGANIZATION
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.quoting import one_line

URL, ORG, API_KEY = "PENSTOCK_URL", "PENSTOCK_ORG", "PENSTOCK_API_KEY"
TIMEOUT_S = 30.0


class RemoteFailed(PenstockError):
    """A command that calls the API of a server cannot reach it, or the server rejected the call."""

    kind, code = Kind.UNAVAILABLE, "cli.remote_failed"
    message = "{reason}"


def call(
    method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None, headers: Mapping[str, str] | None = None
) -> Any:
    """Call the API. Returns the decoded JSON of the response; None without one.

    `body` is encoded as JSON, unless it is bytes, whose media type is in `headers`.

    Raises:
        RemoteFailed: a variable is missing, the server cannot be reached, or it rejected the call.
    """
    return _decoded(fetch(method, path, query=query, body=body, headers=headers))


def fetch(
    method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """Call the API as `call` does. Returns the response as it is, such as a file.

    Raises:
        RemoteFailed: a variable is missing, the server cannot be reached, or it rejected the call.
    """
    content = body if body is None or isinstance(body, bytes) else msgspec.json.encode(body)
    url = _variable(URL).rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise RemoteFailed(reason=f"{URL} must begin with https:// or http://")
    org_id = os.environ.get(ORG, "").strip() or OWN_ORGANIZATION
    own = {"authorization": f"Bearer {_variable(API_KEY)}", "x-organization-id": org_id}
    sent = {**own, "content-type": "application/json", **(headers or {})}
    try:
        answer = httpx.request(method, url + path, params=query, content=content, headers=sent, timeout=TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
        # Not the text of the error if it is about a header: it could quote the key.
        reason = "a variable has an invalid character" if isinstance(error, UnicodeError) else str(error) or type(error).__name__
        raise RemoteFailed(reason=f"{URL}: {one_line(reason)}") from None
    if not answer.is_success:
        raise RemoteFailed(reason=_problem(answer))
    return answer.content


def _variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise RemoteFailed(reason=f"the variable {name} is not set")
    return value


def _problem(answer: httpx.Response) -> str:
    """What the server says about a failed call, in one line."""
    found = _decoded(answer.content)
    detail = found.get("detail") if isinstance(found, dict) else None
    return one_line(detail) if isinstance(detail, str) else f"the server responded with {answer.status_code}"


def _decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content) if content else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
