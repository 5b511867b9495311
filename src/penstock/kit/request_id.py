"""A name for each request, which its response, its errors and every log line about it contain."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import MutableMapping
from typing import Any

_run = secrets.token_hex(4)
_numbers = itertools.count(1)
_IN_SCOPE = "penstock.request_id"


def new_request_id() -> str:
    """A name that is unique in this run, and very unlikely in another."""
    return f"req_{_run}{next(_numbers):08x}"


def request_id_of(scope: MutableMapping[str, Any]) -> str:
    """The name of a request, given to it when it is first asked for. `scope` is its ASGI scope."""
    found: str | None = scope.get(_IN_SCOPE)
    if found is None:
        found = scope[_IN_SCOPE] = new_request_id()
    return found
