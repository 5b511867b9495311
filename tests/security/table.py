"""The operation table as the security tests see it: which operations there are, which ids they take, how each is called.

Nothing here lists operations. They are read from the server, so a new one joins every matrix by itself, and where the
tests do not know how to call it they fail instead of passing over it.
"""

from __future__ import annotations

import asyncio
import functools
import re
import tempfile
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.kit.operation import Operation
from penstock.settings import load_settings

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
ID = re.compile(r"([a-z]{3})_[0-9a-hjkmnp-tv-z]{13}")
LOOKS_LIKE_REFERENCE = re.compile(r"(?:.*_)?(?:ids?|devices?|projects?|identifiers?|cursor)")
"""Fields of bodies and queries with such a name take an id of something, so the matrix must know them."""


class Route(msgspec.Struct, frozen=True):
    """A path that the application answers, with its methods; none for a raw one, which takes what it likes."""

    path: str
    methods: frozenset[str]


@functools.cache
def _read_server() -> tuple[tuple[Operation, ...], tuple[Route, ...]]:
    async def read() -> tuple[tuple[Operation, ...], tuple[Route, ...]]:
        settings = load_settings(environment={})
        with tempfile.TemporaryDirectory() as folder:
            async with open_server(DataDir(Path(folder) / "data"), settings) as server:
                operations = tuple(bound.operation for bound in server.operations)
                return operations, tuple(_routes(server.app._rest, server.app._exact))

    return asyncio.run(read())


def _routes(application: Any, exact: dict[str, Any]) -> Iterator[Route]:
    for route in application.routes():
        yield Route(route.path, frozenset(route.targets) - {"*"})
    for path in exact:
        yield Route(path, frozenset({"POST"}))


def operations() -> tuple[Operation, ...]:
    """Every operation of the server."""
    return _read_server()[0]


def routes() -> tuple[Route, ...]:
    """Every path the application is routed by, the short cuts in front of the framework included."""
    return _read_server()[1]


def name_of(operation: Operation) -> str:
    """What a parametrised test shows of an operation."""
    return f"{operation.method} {operation.path}"


def each(*, with_scope: bool | None = None, surface: str | None = None) -> list[Operation]:
    """The operations of a kind, for parametrising."""
    return [
        operation
        for operation in operations()
        if (with_scope is None or with_scope == (operation.scope is not None))
        and (surface is None or operation.surface == surface)
    ]


def path_parameters(operation: Operation) -> list[str]:
    """The names of the parameters of an operation's path, in order."""
    return PARAMETER.findall(operation.path)


def struct_of(wanted: Any) -> type[msgspec.Struct] | None:
    """The struct of one row of a body: of `Row`, `list[Row]` or `Row | list[Row]`; of `Page[Row]`, the page's."""
    origin = typing.get_origin(wanted) or wanted
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        return origin
    return next((found for part in typing.get_args(wanted) if (found := struct_of(part))), None)


def wire_names(wanted: Any) -> list[str]:
    """The names of a struct's fields as they are on the wire; none when there is no struct."""
    struct = struct_of(wanted)
    return [field.encode_name for field in msgspec.structs.fields(struct)] if struct else []


def references(wanted: Any) -> list[str]:
    """The fields of a body or query that take an id of something."""
    return [name for name in wire_names(wanted) if LOOKS_LIKE_REFERENCE.fullmatch(name)]


def reads_first(wanted: Iterable[Operation]) -> list[Any]:
    """Cases of a test that says the same of every operation: those that change things have their turn in long runs."""
    return [one if one.method == "GET" else pytest.param(one, marks=pytest.mark.prove) for one in wanted]
