"""The tools: one for each operation that is declared as one, and one for each that reads JSON with a key."""

from __future__ import annotations

import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from penstock.api.mcp.declared import DECLARED, Declared
from penstock.api.mcp.naming import longer_name, tool_name
from penstock.api.mcp.schemas import Place, arguments_of
from penstock.kit.operation import Operation
from penstock.kit.secret import hidden_fields

SURFACE = "v2"
MAX_DESCRIPTION = 700
"""Characters of a description. An assistant reads those of all tools in every conversation."""
_JSON = "application/json"
_WITHHELD = "Secrets of the answer are withheld: {names}."


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool and the operation that it calls.

    `places` says where each argument belongs in the request. `withheld` are the fields of the answer that are secrets. `to_body`
    makes the body of the arguments, if they are not its fields.
    """

    name: str
    title: str
    description: str
    operation: Operation
    schema: dict[str, Any]
    places: dict[str, Place]
    destructive: bool = False
    withheld: frozenset[str] = frozenset()
    to_body: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    @property
    def reads(self) -> bool:
        """Whether calling it changes nothing."""
        return self.operation.method == "GET"

    @property
    def repeatable(self) -> bool:
        """Whether calling it twice has the effect of calling it once."""
        return self.operation.method in ("GET", "PUT", "PATCH", "DELETE")


def build_tools(operations: Iterable[Operation], choices: Mapping[str, Sequence[str]]) -> dict[str, Tool]:
    """All tools by name, in the order of their names. `choices` are the words that some fields accept, by the choice's name."""
    declared = {(one.method, one.path): one for one in DECLARED}
    tools: dict[str, Tool] = {}
    # Those with fewer things in the path first, so that they have the short names.
    for operation in sorted(operations, key=lambda one: (one.path.count("{"), one.path)):
        own = declared.get((operation.method, operation.path))
        if operation.surface != SURFACE or (own is None and not is_read(operation)):
            continue
        tool = _tool(operation, own, choices, tools)
        tools[tool.name] = tool
    return dict(sorted(tools.items()))


def is_read(operation: Operation) -> bool:
    """Whether an operation has a tool without being declared: it reads JSON, and a key can call it.

    What an answer hides from logs (values of secrets, codes, messages that contain codes) is not for a conversation either.
    """
    plain = operation.method == "GET" and operation.status == HTTPStatus.OK and operation.media_type == _JSON
    return plain and operation.scope is not None and not operation.session and not secrets_of(operation.answer)


def secrets_of(answer: Any) -> frozenset[str]:
    """The names, on the wire, of all fields of an answer that contain secrets, at any depth."""
    found: set[str] = set()
    _collect_secrets(answer, found, set())
    return frozenset(found)


def _collect_secrets(kind: Any, found: set[str], seen: set[Any]) -> None:
    origin = typing.get_origin(kind) or kind
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct) and origin not in seen:
        seen.add(origin)
        hidden = hidden_fields(origin)
        for field in msgspec.structs.fields(origin):
            if field.name in hidden:
                found.add(field.encode_name)
            _collect_secrets(field.type, found, seen)
    for part in typing.get_args(kind):
        _collect_secrets(part, found, seen)


def _tool(operation: Operation, own: Declared | None, choices: Mapping[str, Sequence[str]], taken: Collection[str]) -> Tool:
    arguments = arguments_of(operation, choices, own.body if own else None)
    name = own.name if own else tool_name(operation)
    if name in taken:
        name = longer_name(operation)
    assert name not in taken, name
    withheld = secrets_of(operation.answer)
    parts = [f"{operation.summary}.", operation.description, arguments.about, own.note if own else ""]
    if withheld:
        parts.append(_WITHHELD.format(names=", ".join(sorted(withheld))))
    return Tool(
        name=name,
        title=own.title if own and own.title else operation.summary,
        description=_shortened(" ".join(" ".join(part.split()) for part in parts if part)),
        operation=operation,
        schema=arguments.schema,
        places=arguments.places,
        destructive=own.destructive if own else False,
        withheld=withheld,
        to_body=own.to_body if own else None,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_DESCRIPTION else text[: MAX_DESCRIPTION - 1].rstrip() + "…"
