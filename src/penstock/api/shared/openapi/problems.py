"""Errors of the native API as schemas: the problem document, its invalid fields, and the codes that it can have."""

from __future__ import annotations

from penstock.api.shared.openapi.schemas import Schema, Schemas
from penstock.core.limits.models import LimitScope, Window
from penstock.kit.errors import REGISTRY, Kind, PenstockError
from penstock.kit.http import status_of

_FIELD_ERROR: Schema = {
    "type": "object",
    "description": "One invalid field.",
    "properties": {
        "field": {"type": "string", "description": "Dot path in the input; empty for the input as a whole."},
        "code": {"type": "string", "description": "What is wrong with it, for programs; most often `invalid`."},
        "detail": {"type": "string", "description": "What is wrong with it, for a human reader."},
    },
    "required": ["field", "code", "detail"],
}
_CODE = "The code of an error. Stable. A new version of the server can add codes: handle an unknown one by its status."
_PROBLEM: Schema = {
    "type": "object",
    "description": "A problem document (RFC 9457). Handle errors by `code`; docs/errors.md lists the codes.",
    "properties": {
        "type": {"type": "string", "description": "A name of the problem; it need not be an existing page."},
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer", "description": "The status of the response."},
        "code": {"$ref": "#/components/schemas/ErrorCode"},
        "detail": {"type": "string", "description": "One sentence for a human reader."},
        "request_id": {"type": "string", "description": "The id of the request in the server's log."},
        **{
            name: {"type": kind, "description": f"Of the exceeded limit: {text}."} | ({"enum": list(words)} if words else {})
            for name, kind, text, words in (
                ("limit", "string", "its name", ()),
                ("scope", "string", "what shares it", LimitScope),
                ("count", "integer", "the number of calls it allows", ()),
                ("window", "string", "the window in which calls are counted", Window),
                ("remaining", "integer", "the remaining calls", ()),
                ("reset_s", "integer", "seconds until all calls are available again", ()),
                ("retry_after_s", "integer", "seconds until the next call is accepted", ()),
            )
        },
        "errors": {
            "type": "array",
            "description": "The invalid fields.",
            "items": {"$ref": "#/components/schemas/FieldError"},
        },
    },
    "required": ["type", "title", "status", "code", "detail", "request_id"],
}
_SEEN = tuple(f"penstock.{part}." for part in ("kit", "core", "adapters", "api.shared", "api.v2", "api.live", "api.system"))
_AT_START = frozenset({Kind.PRECONDITION, Kind.CONFLICT})
"""Kinds of the errors of adapters that the program meets before it serves: a used data directory, an unusable certificate."""


def problem_schema(schemas: Schemas) -> Schema:
    """Add the components of a problem document; returns the reference to it."""
    # Not an `enum`: clients that were generated from this document would fail on a code that is newer than they are.
    schemas.add("ErrorCode", {"type": "string", "description": _CODE, "x-extensible-enum": error_codes()})
    schemas.add("FieldError", _FIELD_ERROR)
    return schemas.add("Problem", _PROBLEM)


def error_codes(status: int | None = None) -> list[str]:
    """The codes of errors that the native API can return, or of those with this status."""
    found = (code for code, error in REGISTRY.items() if _is_seen(error) and status in (None, status_of(error)))
    return sorted(found)


def _is_seen(error: type[PenstockError]) -> bool:
    of_adapter = error.__module__.startswith("penstock.adapters.")
    return error.__module__.startswith(_SEEN) and not (of_adapter and error.kind in _AT_START)
