"""The arguments of a tool as one JSON Schema: parameters of path and query, and the fields of the body, side by side.

Source: Model Context Protocol 2025-11-25, "Tools": `inputSchema` is a JSON Schema 2020-12 whose type is `object`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from penstock.api.shared.openapi.parameters import parameters
from penstock.api.shared.openapi.schemas import Schema, Schemas
from penstock.kit.operation import Operation

DEFAULT_ITEMS = 25
MAX_ITEMS = 100
"""How many items of a list one answer has if the assistant does not say, and at most: they all go into its context."""
PATH, QUERY, BODY, WHOLE_BODY = "path", "query", "body", "whole body"
LIMIT = "limit"
WHOLE = "body"
"""The argument that is the whole body, of an operation whose body is one of several forms."""
_COMPONENTS = "#/components/schemas/"


class Place(msgspec.Struct, frozen=True):
    """Where an argument belongs in the request: the part (path, query, body), and its name there."""

    part: str
    name: str


class Arguments(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of a tool: their schema, and where each belongs in the request. `about` describes the body."""

    schema: Schema
    places: dict[str, Place]
    about: str = ""


def arguments_of(operation: Operation, choices: Mapping[str, Sequence[str]], body: Any = None) -> Arguments:
    """The arguments of a tool for an operation. `body` is the form that its arguments have instead of the operation's body."""
    schemas = Schemas(choices)
    properties: dict[str, Schema] = {}
    places: dict[str, Place] = {}
    required: list[str] = []

    def add(part: str, name: str, schema: Schema, *, needed: bool) -> None:
        # Two versions are compared by one in the path and one in the query: the second is `query_version_id`.
        argument = name if name not in places else f"{part.replace(' ', '_')}_{name}"
        places[argument] = Place(part, name)
        properties[argument] = _limit(schema) if (part, name) == (QUERY, LIMIT) else schema
        if needed:
            required.append(argument)

    for one in parameters(operation, schemas, organization_required=False):
        if one["in"] in (PATH, QUERY):
            add(one["in"], one["name"], _described(one["schema"], one.get("description", "")), needed=one["required"])
    fields = _body(body or operation.body, schemas)
    part = WHOLE_BODY if fields.get("whole") else BODY
    for name, schema in fields.get("properties", {}).items():
        add(part, name, schema, needed=name in fields.get("required", ()))
    whole: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        whole["required"] = required
    if schemas.components:
        whole["$defs"] = schemas.components
    return Arguments(schema=_local(whole), places=places, about=fields.get("description", ""))


def _body(body: Any, schemas: Schemas) -> Schema:
    """The schema of a body whose fields become arguments; if it can be one of several structs, with all of it as one field."""
    if body is None:
        return {}
    found = schemas.for_type(body)
    name = found.get("$ref", "").removeprefix(_COMPONENTS)
    if "properties" in schemas.components.get(name, {}):
        return schemas.components.pop(name)
    return {"properties": {WHOLE: found}, "required": [WHOLE], "whole": True}


def _limit(schema: Schema) -> Schema:
    most = min(MAX_ITEMS, schema.get("maximum", MAX_ITEMS))
    return schema | {"maximum": most, "default": min(DEFAULT_ITEMS, most)}


def _described(schema: Schema, description: str) -> Schema:
    return schema | {"description": description} if description else schema


def _local(schema: Any) -> Any:
    """The schema with references to where a tool has its components, and without `discriminator`, a word of OpenAPI alone."""
    if isinstance(schema, list):
        return [_local(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: "#/$defs/" + value.removeprefix(_COMPONENTS) if name == "$ref" and isinstance(value, str) else _local(value)
        for name, value in schema.items()
        if not (name == "discriminator" and isinstance(value, dict) and "propertyName" in value)
    }
