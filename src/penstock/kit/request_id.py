"""A name for each request, which its response, its errors and every log line about it contain."""

from __future__ import annotations

import itertools
import secrets

_run = secrets.token_hex(4)
_numbers = itertools.count(1)


def new_request_id() -> str:
    """A name that is unique in this run, and very unlikely in another."""
    return f"req_{_run}{next(_numbers):08x}"
