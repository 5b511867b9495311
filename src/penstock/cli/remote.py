"""Calls of the API of a server at a distance, for commands that people and pipelines use. They need no data directory.

PENSTOCK_URL       such as https://iot.example.org
PENSTOCK_API_KEY   a key; never an argument, because the list of processes and the shell's history show those
PENSTOCK_ORG       the id of the organisation, which must then be that of the key; can be omitted
PENSTOCK_PROFILE   the name of a profile (`penstock profile`), which has all three; it counts before the others

Without any of them it is the profile in use. Address and key are never taken from two places: the key of one server would be
sent to another.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

import httpx
import msgspec
from cyclopts import Parameter

from penstock.cli import profiles
from penstock.core.actor import OWN_ORGANIZATION
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.quoting import one_line
from penstock.kit.secret import Secret

URL, ORG, API_KEY, PROFILE = "PENSTOCK_URL", "PENSTOCK_ORG", "PENSTOCK_API_KEY", "PENSTOCK_PROFILE"
TIMEOUT_S = 30.0
ProfileOption = Annotated[
    str | None,
    Parameter("--profile", help=f"Name of a profile (see penstock profile). Default: {PROFILE}, {URL}, or the one in use."),
]


class RemoteFailed(PenstockError):
    """A command that calls the API of a server cannot reach it, or the server rejected the call."""

    kind, code = Kind.UNAVAILABLE, "cli.remote_failed"
    message = "{reason}"


class Place(msgspec.Struct, frozen=True):
    """A server, and who calls it. `named_by` is what an error about the address names."""

    url: str
    key: Secret
    organization: str
    named_by: str


def find_place(profile: str | None = None) -> Place:
    """The server that a command calls: of a profile, of the environment, or of the profile in use.

    Raises:
        RemoteFailed: a variable is missing, or has no address.
        ProfileUnknown: there is no such profile.
        ProfilesUnusable: the file of the profiles cannot be used.
    """
    named = profile or os.environ.get(PROFILE, "").strip()
    found = profiles.get(named) if named else None if _in_environment() else profiles.find_current()
    if found is not None:
        return Place(found.url, Secret(found.key), found.organization or OWN_ORGANIZATION, f'the profile "{found.name}"')
    url = _variable(URL).rstrip("/")
    if not profiles.is_address(url):
        raise RemoteFailed(reason=f"{URL} must begin with https:// or http://")
    return Place(url, Secret(_variable(API_KEY)), os.environ.get(ORG, "").strip() or OWN_ORGANIZATION, URL)


def _in_environment() -> bool:
    return any(os.environ.get(name, "").strip() for name in (URL, API_KEY))


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
    place = find_place()
    own = {"authorization": f"Bearer {place.key.reveal()}", "x-organization-id": place.organization}
    sent = {**own, "content-type": "application/json", **(headers or {})}
    try:
        answer = httpx.request(method, place.url + path, params=query, content=content, headers=sent, timeout=TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
        # Not the text of the error if it is about a header: it could quote the key.
        reason = "a variable has an invalid character" if isinstance(error, UnicodeError) else str(error) or type(error).__name__
        raise RemoteFailed(reason=f"{place.named_by}: {one_line(reason)}") from None
    if not answer.is_success:
        raise RemoteFailed(reason=_problem(answer))
    return answer.content


def _variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        hint = "" if _in_environment() else "; or add a server: penstock profile add"
        raise RemoteFailed(reason=f"the variable {name} is not set{hint}")
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
