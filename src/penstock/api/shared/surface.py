"""The differences between surfaces in the API layer: error bodies, headers, encoding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from penstock.kit.errors import PenstockError
from penstock.kit.http import Headers, Scope, credential, problem

NO_STORE = (b"cache-control", b"no-store")
"""Responses can contain credentials and belong to one caller, so neither proxies nor browsers may cache them."""
ErrorBody = Callable[[PenstockError, str], Any]
"""Formats an error for a surface: (error, request id) → the value to encode."""


def encode_json(value: Any) -> bytes:
    """Encode a value as compact JSON; None is an empty body."""
    return b"" if value is None else msgspec.json.encode(value)


class SurfaceRules(msgspec.Struct, frozen=True, kw_only=True):
    """The differences between surfaces in the API layer.

    `headers` are sent with every response; `encode` encodes responses and errors. `id_headers` are the names of the headers with
    the request id. `strict_query` rejects parameters that an operation does not have; a misspelled filter would match everything.
    `find_key` finds the credential of a request.
    """

    surface: str
    path_prefix: str
    error_body: ErrorBody = problem
    error_type: str = "application/problem+json"
    organization_required: bool = False
    strict_query: bool = False
    headers: tuple[tuple[bytes, bytes], ...] = (NO_STORE,)
    encode: Callable[[Any], bytes] = encode_json
    id_headers: tuple[bytes, ...] = (b"x-request-id",)
    find_key: Callable[[Scope], bytes | None] = credential

    def named(self, request_id: str) -> Headers:
        """The headers that contain the request id."""
        return [(name, request_id.encode()) for name in self.id_headers]
