"""The calls with which a page was read, as commands that do the same from a terminal."""

from __future__ import annotations

import shlex

import msgspec

KEY_HEADERS = '-H "X-API-Key: $KEY" -H "X-Organization-Id: $ORG"'


class ReadCall(msgspec.Struct, frozen=True, kw_only=True):
    """A GET that a page made. `query` is the encoded query string.

    Changes are not noted: a page that shows a form again must not contain a password or a token that was sent.
    """

    path: str
    query: str = ""


def curl_of(call: ReadCall, base_url: str) -> str:
    """The command for a POSIX shell. The key is in variables."""
    address = f"{base_url}{call.path}" + (f"?{call.query}" if call.query else "")
    return f"curl {shlex.quote(address)} \\\n  {KEY_HEADERS}"
