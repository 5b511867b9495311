"""The calls that a page made, as commands that do the same from a terminal."""

from __future__ import annotations

import shlex
from typing import Any

import msgspec

LEFT_OUT = "…"
KEY_HEADERS = '-H "X-API-Key: $KEY" -H "X-Organization-Id: $ORG"'


class MadeCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that a page made. `query` is the encoded query string."""

    method: str
    path: str
    query: str = ""
    body: bytes | None = None


def curl_of(call: MadeCall, base_url: str) -> str:
    """The command for a POSIX shell. The key is in variables, and texts of a body are left out: any of them may be a secret."""
    address = f"{base_url}{call.path}" + (f"?{call.query}" if call.query else "")
    method = "" if call.method == "GET" else f"-X {call.method} "
    body = f" \\\n  -H 'Content-Type: application/json' -d {shlex.quote(_shown(call.body))}" if call.body else ""
    return f"curl {method}{shlex.quote(address)} \\\n  {KEY_HEADERS}{body}"


def _shown(body: bytes) -> str:
    return msgspec.json.encode(_without_texts(msgspec.json.decode(body))).decode()


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_texts(one) for one in value]
    return LEFT_OUT if isinstance(value, str) else value
