"""The operation table as the security tests see it: which operations there are, which ids they take, how each is called.

Nothing here lists operations. They are read from the endpoints' classes, so a new one joins every matrix by itself, and where
the tests do not know how to call it they fail instead of passing over it. No server is opened for that, as it is done in every
worker before the first test; that a server answers to exactly these is a test (`test_scopes.py`).
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import pkgutil
import re
import sys
import tempfile
import typing
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.api import dialects
from penstock.api.console.shared.mount import WithConsole
from penstock.api.grpc.mount import WithConnect
from penstock.api.mcp.endpoint import WithMcp
from penstock.bootstrap import open_server
from penstock.kit.operation import _MARK as MARK
from penstock.kit.operation import Operation
from penstock.settings import load_settings

T = TypeVar("T")
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
ID = re.compile(r"([a-z]{3})_[0-9a-hjkmnp-tv-z]{13}")
LOOKS_LIKE_REFERENCE = re.compile(r"(?:.*_)?(?:ids?|devices?|projects?|identifiers?|cursor)")
"""Fields of bodies and queries with such a name take an id of something, so the matrix must know them."""
NO_REFERENCES = {"vat_id", "account_id"}
"""Fields with such a name that take something else: a number that a tax office gave; and the SMS account of a number, of which
there is none yet (`tests/api/v2/inbox/test_address_routes.py` asks for one)."""


class Route(msgspec.Struct, frozen=True):
    """A path that the application answers, with its methods; none for a raw one, which takes what it likes."""

    path: str
    methods: frozenset[str]


UNLESS_TOLD = {("POST", "/api/v2/signup")}
"""What a server offers only where its settings say so."""
_ONE_ORGANISATION = "the owner of the only organisation may, or whom the settings name: tests/api/v2/system/test_routes.py asks"
ANSWERED_ELSEWHERE = {
    "POST /api/v2/setup": "only before there is an organisation: tests/api/v2/signup/test_setup_routes.py calls it then",
    "GET /api/v2/system": _ONE_ORGANISATION,
    "GET /api/v2/system/backups": _ONE_ORGANISATION,
    "POST /api/v2/system/backups": _ONE_ORGANISATION,
}
"""Operations that a server with several organisations answers to nobody here, and where they are answered. That others are turned
away by them is tried like everything else."""


@functools.cache
def _modules() -> dict[tuple[str, str], tuple[Operation, str]]:
    """Every operation and the name of the module that it is written in, by its method and path."""
    for module in pkgutil.walk_packages(dialects.__path__, f"{dialects.__name__}."):
        importlib.import_module(module.name)  # a server imports a dialect's endpoints only when it is built
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("penstock.")]
    members = [(member, kind.__module__) for module in modules for kind in _classes_of(module) for member in vars(kind).values()]
    marked = [(mark, module) for member, module in members if isinstance(mark := getattr(member, MARK, None), Operation)]
    return {(one.method, one.path): (one, module) for one, module in marked}


@functools.cache
def operations() -> tuple[Operation, ...]:
    """Every operation of a server with the settings that it comes with, in the order in which they are written."""
    return tuple(one for key, (one, _) in _modules().items() if key not in UNLESS_TOLD)


def dialect_of(operation: Operation) -> str | None:
    """The dialect whose package an operation is written in."""
    module = _modules()[operation.method, operation.path][1]
    inside = module.removeprefix(f"{dialects.__name__}.")
    return inside.split(".")[0] if inside != module else None


def _classes_of(module: ModuleType) -> list[type]:
    return [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]


def served() -> tuple[set[tuple[str, str]], list[Route]]:
    """What a server really has: the methods and paths of its operations, and every path that it is routed by."""

    async def read() -> tuple[set[tuple[str, str]], list[Route]]:
        settings = load_settings(environment={})
        with tempfile.TemporaryDirectory() as folder:
            async with open_server(DataDir(Path(folder) / "data"), settings) as server:
                bound = {(one.operation.method, one.operation.path) for one in server.operations}
                return bound, list(_routes(behind_doors(server.app)))

    return asyncio.run(read())


def behind_doors(application: Any) -> Any:
    """The application of the API. What is in front of it, such as the console, has no operations of its own."""
    while isinstance(application, WithConsole | WithMcp | WithConnect):
        application = application._api
    return application


def _routes(application: Any) -> Iterator[Route]:
    """Every path the API is routed by, the short cuts in front of it included."""
    for route in application._rest.routes():
        yield Route(route.path, frozenset(route.targets) - {"*"})
    for path in application._exact:
        yield Route(path, frozenset({"POST"}))


def name_of(operation: Operation) -> str:
    """What a parametrised test shows of an operation."""
    return f"{operation.method} {operation.path}"


def answered(chosen: Iterable[Operation]) -> list[Operation]:
    """Those that must answer a good call here."""
    return [one for one in chosen if name_of(one) not in ANSWERED_ELSEWHERE]


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
    return [name for name in wire_names(wanted) if LOOKS_LIKE_REFERENCE.fullmatch(name) and name not in NO_REFERENCES]


def reads() -> list[Operation]:
    """The operations that change nothing, so that they can be called again and again on the same things."""
    return [one for one in operations() if one.method == "GET"]


def plain_reads() -> dict[str, str]:
    """A path of each surface that is read with a key and nothing else, for what holds on every surface."""
    scoped = [one for one in reads() if one.scope and not one.session]
    scoped = [one for one in scoped if (one.status, one.media_type) == (HTTPStatus.OK, "application/json")]
    plain = [one for one in scoped if not path_parameters(one) and not needed(one.query)]
    return {one.surface: one.path for one in reversed(plain)}


def needed(wanted: type[msgspec.Struct] | None) -> list[str]:
    """The fields of a query that cannot be left out."""
    return [] if wanted is None else [field.encode_name for field in msgspec.structs.fields(wanted) if field.required]


def admission(operation: Operation) -> tuple[object, ...]:
    """The admission class of an operation: those of one class share the code that admits a caller and reads a request."""
    return (
        operation.surface,
        operation.method == "GET",
        operation.scope is None,
        operation.session,
        operation.device_token,
        operation.of_project,
        operation.of_resident,
        operation.status == HTTPStatus.SWITCHING_PROTOCOLS,
        operation.media_type,
        operation.body_types,
        operation.max_body_bytes,
    )


def one_of_each(cases: Iterable[T], kind: Callable[[T], object]) -> list[T]:
    """The first case of each kind, for what depends on the kind alone. The other cases have one probe each in every run, and all
    of them in the long catalogue."""
    found: dict[object, T] = {}
    for case in cases:
        found.setdefault(kind(case), case)
    return list(found.values())
