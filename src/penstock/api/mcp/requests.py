"""The request of an operation for the arguments of a tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.api.mcp.errors import ArgumentInvalid
from penstock.api.mcp.schemas import BODY, LIMIT, MAX_ITEMS, PATH, QUERY, WHOLE, WHOLE_BODY, Place
from penstock.api.mcp.tools import Tool
from penstock.api.shared.in_process import encode_query, filled
from penstock.api.shared.openapi.parameters import plain_path
from penstock.kit.nearest import suggestion
from penstock.kit.secret import hides

_SCALARS = (str, int, float)


@hides("body")
class ApiRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call of an operation. `path` and `query` are encoded; `body` is JSON, None without one."""

    method: str
    path: str
    query: str
    body: bytes | None


def request_of(tool: Tool, arguments: Mapping[str, Any]) -> ApiRequest:
    """The request for a call of a tool. What the arguments contain is left to the operation to judge.

    Raises:
        ArgumentInvalid: an argument is unknown, missing, or cannot be written into a path or a query.
    """
    for name in arguments:
        if name not in tool.places:
            raise ArgumentInvalid(reason=f"{tool.name} has no argument {name[:64]!r}{suggestion(name, tool.places)}")
    for name in tool.schema.get("required", []):
        if arguments.get(name) is None:
            raise ArgumentInvalid(reason=f"{tool.name} needs the argument {name}")
    path = {place.name: _text(name, arguments[name]) for name, place in tool.places.items() if place.part == PATH}
    if empty := [name for name, value in path.items() if not value]:
        raise ArgumentInvalid(reason=f"{tool.name}: {empty[0]} must not be empty")
    return ApiRequest(
        method=tool.operation.method,
        path=filled(plain_path(tool.operation.path), path),
        query=encode_query(_query(tool, arguments)),
        body=_body(tool, arguments),
    )


def _query(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, str | list[str]]:
    query = {}
    for name, place in tool.places.items():
        value = arguments.get(name)
        if place == Place(QUERY, LIMIT):
            value = _items(tool.schema["properties"][name]["default"] if value is None else value)
        if place.part == QUERY and value is not None:
            query[place.name] = _texts(name, value)
    return query


def _body(tool: Tool, arguments: Mapping[str, Any]) -> bytes | None:
    if tool.operation.body is None:
        return None
    fields = {tool.places[name].name: value for name, value in arguments.items() if tool.places[name].part in (BODY, WHOLE_BODY)}
    if any(place.part == WHOLE_BODY for place in tool.places.values()):
        return msgspec.json.encode(fields[WHOLE])
    return msgspec.json.encode(tool.to_body(fields) if tool.to_body else fields)


def _items(limit: Any) -> Any:
    """A limit of items, at most what fits into a conversation. Of another type, the operation says what is wrong with it."""
    return min(limit, MAX_ITEMS) if isinstance(limit, int) and not isinstance(limit, bool) else limit


def _texts(name: str, value: Any) -> str | list[str]:
    return [_text(name, one) for one in value] if isinstance(value, list) else _text(name, value)


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _SCALARS):
        return str(value)
    raise ArgumentInvalid(reason=f"{name} must be a text, a number or a boolean")
