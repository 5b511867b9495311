"""The calls that a page made, as commands that do the same from a terminal."""

from __future__ import annotations

import shlex

import msgspec

KEY_HEADERS = '-H "X-API-Key: $KEY" -H "X-Organization-Id: $ORG"'


class MadeCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that a page made. `query` is the encoded query string."""

    method: str
    path: str
    query: str = ""
    body: bytes | None = None


def curl_of(call: MadeCall, base_url: str) -> str:
    """The command for a POSIX shell, with the key in variables: no credential is ever shown."""
    address = f"{base_url}{call.path}" + (f"?{call.query}" if call.query else "")
    method = "" if call.method == "GET" else f"-X {call.method} "
    body = f" \\\n  -H 'Content-Type: application/json' -d {shlex.quote(call.body.decode())}" if call.body else ""
    return f"curl {method}{shlex.quote(address)} \\\n  {KEY_HEADERS}{body}"
