"""Twilio's credentials: HTTP Basic, whose password is an API key. The name can be anything."""

from __future__ import annotations

import binascii
from base64 import b64decode

from penstock.kit.http import Scope, credential, header


def credential_of(scope: Scope) -> bytes | None:
    """The key of a call: the password of Basic, else as on every other surface."""
    scheme, _, rest = (header(scope, b"authorization") or b"").strip().partition(b" ")
    if scheme.lower() != b"basic":
        return credential(scope)
    try:
        _, colon, password = b64decode(rest.strip(), validate=True).partition(b":")
    except binascii.Error:
        return b"malformed"  # no key has this form
    return password if colon and password else b"malformed"
