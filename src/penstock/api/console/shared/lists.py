"""The lists of the API: operations that answer a page `{data, next_cursor}` of a list of objects, found by their path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_origin

import msgspec

from penstock.api.console.shared.list_columns import Path, columns_of
from penstock.api.shared.router import Router
from penstock.kit.operation import Operation

MAX_PAGE = 1000
"""Rows per call at most: decoding a page does not keep other requests waiting for long."""
_WORD = re.compile(r"/([a-z-]+)(?=/|\Z)")


class ListShape(msgspec.Struct, frozen=True, kw_only=True):
    """How to read a list. `limit` is the number of rows per call; None if it has no such parameter."""

    columns: list[Path]
    limit: int | None


class FoundList(msgspec.Struct, frozen=True, kw_only=True):
    """A list at a path: its operation's path with the parameters."""

    template: str
    params: dict[str, str]
    shape: ListShape

    @property
    def name(self) -> str:
        """What a file with the list is called: `/api/v2/rules/{rule_id}/versions` is `rules-versions`."""
        return "-".join(_WORD.findall(self.template.removeprefix("/api/v2")))


class Lists:
    """The lists among operations. Their types are only looked at when a list is read."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._router: Router[Operation] = Router()
        self._shapes: dict[str, ListShape] = {}
        for operation in operations:
            if is_list(operation):
                self._router.add(operation.path, operation.method, operation)

    def find(self, raw_path: bytes) -> FoundList | None:
        """The list at a path as it was sent; None if there is none."""
        found = self._router.find(raw_path)
        if found is None:
            return None
        operation = found.targets["GET"]
        shape = self._shapes.get(operation.path)
        if shape is None:
            shape = self._shapes[operation.path] = shape_of(operation)
        return FoundList(template=operation.path, params=found.values, shape=shape)


def is_list(operation: Operation) -> bool:
    """Whether an operation of this API returns pages of a list."""
    answer: Any = operation.answer
    fields = getattr(get_origin(answer) or answer, "__struct_fields__", ())
    is_plain = operation.method == "GET" and operation.surface == "v2" and ":path}" not in operation.path
    return is_plain and {"data", "next_cursor"} <= set(fields)


def shape_of(operation: Operation) -> ListShape:
    """How to read the list that an operation returns."""
    answer: Any = msgspec.inspect.type_info(operation.answer)
    rows: Any = next(field.type.item_type for field in answer.fields if field.encode_name == "data")
    return ListShape(columns=columns_of(rows), limit=_limit(operation))


def _limit(operation: Operation) -> int | None:
    query: Any = msgspec.inspect.type_info(operation.query) if operation.query else None
    for field in query.fields if query else ():
        if field.encode_name == "limit":
            return min(field.type.le or MAX_PAGE, MAX_PAGE)
    return None
