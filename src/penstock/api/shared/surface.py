"""What differs between the surfaces at the border: error bodies, headers, encoding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from penstock.kit.errors import PenstockError
from penstock.kit.http import Headers, problem

NO_STORE = (b"cache-control", b"no-store")
"""Answers show credentials once and belong to one caller: no cache on the way or in a browser may keep them."""
ErrorBody = Callable[[PenstockError, str], Any]
"""How a surface words an error: (error, request id) → what to encode."""


def encode_json(value: Any) -> bytes:
    """A value as compact JSON; None is an empty body."""
    return b"" if value is None else msgspec.json.encode(value)


class SurfaceRules(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between surfaces at the border. `headers` stand on every answer; `encode` writes answers and errors.

    `id_headers` are the names under which the request id stands.
    """

    surface: str
    path_prefix: str
    error_body: ErrorBody = problem
    error_type: str = "application/problem+json"
    organization_required: bool = False
    headers: tuple[tuple[bytes, bytes], ...] = (NO_STORE,)
    encode: Callable[[Any], bytes] = encode_json
    id_headers: tuple[bytes, ...] = (b"x-request-id",)

    def named(self, request_id: str) -> Headers:
        """The headers that hold the request id."""
        return [(name, request_id.encode()) for name in self.id_headers]
