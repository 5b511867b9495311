"""What the queries of operations take: what one field survives is survived by those of its name that take the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from tests.security.table import name_of, one_of_each, operations

WITH_QUERY = [operation for operation in operations() if operation.query is not None]


def schema_of(struct: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    """What a query's fields may be, as JSON Schema, by name on the wire."""
    (_,), components = msgspec.json.schema_components([struct])
    found: dict[str, dict[str, Any]] = components[struct.__name__]["properties"]
    return found


def what_it_takes(schema: dict[str, Any]) -> str:
    """What tells one field of a query from another of the same name."""
    return json.dumps([schema.get(name) for name in ("type", "anyOf", "enum", "pattern", "format")])


def query_fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every field of a query: whose it is, its name, and what it may be."""
    for operation in WITH_QUERY:
        assert operation.query is not None
        yield from ((name_of(operation), name, schema) for name, schema in schema_of(operation.query).items())


SURFACES = {name_of(one): one.surface for one in operations()}
ONE_OF_EACH_QUERY_FIELD = {
    (operation, name)
    for operation, name, _ in one_of_each(query_fields(), lambda one: (SURFACES[one[0]], one[1], what_it_takes(one[2])))
}
