"""The input of an operation: path, query and header parameters, and the body."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import msgspec.inspect as mi

from penstock.api.shared.openapi import words
from penstock.api.shared.openapi.files import file_content
from penstock.api.shared.openapi.schemas import NULL, Schema, Schemas
from penstock.kit.operation import Operation

FORM = "application/x-www-form-urlencoded"
MOMENTS = frozenset({"from", "to", "since", "until"})
"""Parameters that are times: RFC 3339, or epoch seconds or milliseconds."""
_IN_PATH = re.compile(r"\{(\w+)(?::\w+)?\}")


def plain_path(path: str) -> str:
    """The path without the router's types: `/sensors/{key:path}` is `/sensors/{key}`."""
    return _IN_PATH.sub(r"{\1}", path)


def parameters(operation: Operation, schemas: Schemas, *, organization_required: bool) -> list[dict[str, Any]]:
    """The parameters of an operation, in the order path, query, header."""
    found = [_in_path(name, operation) for name in _IN_PATH.findall(operation.path)]
    if operation.query is not None:
        found += _in_query(operation.query, operation.example.query, schemas)
    if organization_required and operation.scope is not None:
        found.append(_organization(operation))
    for name, description in operation.headers.items():
        found.append({"name": name, "in": "header", "description": description, "schema": {"type": "string"}})
    return found


def _in_path(name: str, operation: Operation) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": words.PARAMETERS.get(name, ""),
        "schema": {"type": "string"},
        **({"example": operation.example.path[name]} if name in operation.example.path else {}),
    }


def _in_query(query: type[msgspec.Struct], example: dict[str, str], schemas: Schemas) -> list[dict[str, Any]]:
    # Query examples are strings, as in a URL. Converted, they have the types that the schema states.
    shown = msgspec.to_builtins(msgspec.convert(example, query, strict=False))
    out = []
    for field, nullable in schemas.fields(query):
        name = field.encode_name
        schema = _as_moment(name, _without_null(nullable))
        known = words.PARAMETERS.get(f"{query.__name__}.{name}") or words.PARAMETERS.get(name)
        description = schema.pop("description", known)
        out.append(
            {
                "name": name,
                "in": "query",
                "required": field.required,
                **({"description": description} if description else {}),
                "schema": schema,
                **({"example": shown[name]} if name in example else {}),
            }
        )
    return out


def _without_null(schema: Schema) -> Schema:
    """Remove null from a query parameter's type: null is the program's value for an omitted parameter."""
    schema = dict(schema)
    if isinstance(schema.get("type"), list):
        schema["type"] = schema["type"][0]
        if "enum" in schema:
            schema["enum"] = [value for value in schema["enum"] if value is not None]
    if "anyOf" in schema:
        schema["anyOf"] = [option for option in schema["anyOf"] if option != NULL]
    return schema


def _as_moment(name: str, schema: Schema) -> Schema:
    """The schema of a time in a query. A time that has a description of its own accepts another form."""
    if name in MOMENTS and schema.get("type") == "string" and schema.keys() <= {"type", "maxLength", "format"}:
        return {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer", "description": "Epoch, in s or ms."}]}
    return schema


def takes_ticket(operation: Operation) -> bool:
    """Whether a ticket in the query is accepted instead of a key."""
    return operation.query is not None and words.TICKET in operation.query.__struct_fields__


def _organization(operation: Operation) -> dict[str, Any]:
    # A token or a ticket already belongs to one organisation.
    optional = operation.device_token or takes_ticket(operation)
    return {
        "name": "X-Organization-Id",
        "in": "header",
        "required": not optional,
        "description": words.ORGANIZATION_OPTIONAL if optional else words.ORGANIZATION_HEADER,
        "schema": {"type": "string"},
        "example": "org_0c2k9fq7w3a0d",
    }


def _form(body: Any, schemas: Schemas, prefix: str) -> dict[str, Any]:
    """The fields of a form, which the body keeps as it was sent: its only field names their struct and an example."""
    ((content, _),) = schemas.fields(body)
    assert isinstance(content.type, mi.Metadata)
    assert content.type.extra is not None
    return {"schema": schemas.for_type(content.type.extra["fields"], prefix), "example": content.type.extra["example"]}


def request_body(operation: Operation, schemas: Schemas, prefix: str) -> dict[str, Any]:
    """The body of an operation, in each accepted media type."""
    return {
        "required": not operation.body_optional,
        "description": f"At most {operation.max_body_bytes:,} bytes.",
        "content": {name: _sent_as(name, operation, schemas, prefix) for name in operation.body_types},
    }


def _sent_as(media_type: str, operation: Operation, schemas: Schemas, prefix: str) -> dict[str, Any]:
    if media_type.endswith("/json"):
        return {"schema": schemas.for_type(operation.body, prefix), "example": operation.example.body}
    if media_type == FORM:
        return _form(operation.body, schemas, prefix)
    if not media_type.endswith("ndjson"):
        return file_content(media_type)
    rows = operation.example.body if isinstance(operation.example.body, list) else [operation.example.body]
    text = "".join(msgspec.json.encode(row).decode() + "\n" for row in rows)
    return {"schema": {"type": "string", "description": "One JSON object per line."}, "example": text}
