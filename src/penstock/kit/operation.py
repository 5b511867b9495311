"""Operations: the unit of every HTTP surface, and the one table of them.

An operation is a method and a path with all that is to be known about it: the scope it needs, what it reads, what it
answers, examples. The router, the OpenAPI document and the matrix tests (scopes, foreign ids) are made from the same
table, so that a new operation joins all three by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

H = TypeVar("H", bound=Callable[..., Any])


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """What a call of an operation looks like; None where there is nothing to show."""

    path: dict[str, str] = {}
    query: dict[str, str] = {}
    body: object | None = None
    answer: object | None = None


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as data.

    `surface` is whose API it belongs to; it decides the error shape. `query` and `body` are wire structs, `answer` what a
    success holds. `scope` None means that everybody may call it; `device_token` that a device's own access token is taken
    as well; `session` that only a person who signed in may, as an API key is nobody's self; `of_project` that a key bound to
    a project may, because what it takes and shows is then of that project alone; `of_resident` that a resident may, because it
    shows nothing but themselves and the device in its path, which has to be theirs. `media_type` is what a success is sent as,
    or on request one of `other_media_types`; `body_types` what the body may be sent as, when it is read raw. `refuses` are
    statuses of refusals beyond those that follow from its form.
    """

    method: str
    path: str
    surface: str
    tag: str
    summary: str
    description: str = ""
    scope: str | None = None
    device_token: bool = False
    session: bool = False
    of_project: bool = False
    of_resident: bool = False
    status: int = 200
    query: type[msgspec.Struct] | None = None
    body: Any = None
    answer: Any = None
    example: Example = Example()
    media_type: str = "application/json"
    other_media_types: tuple[str, ...] = ()
    body_types: tuple[str, ...] = ("application/json",)
    headers: dict[str, str] = {}
    max_body_bytes: int = 1_048_576
    refuses: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """A name for generated clients, unique by method and path."""
        words = [part.strip("{}").replace(".", "_").replace("-", "_") for part in self.path.split("/") if part]
        return "_".join([self.method.lower(), *words]).replace(":path", "")


_MARK = "__penstock_operation__"


def operation(method: str, path: str, **about: Any) -> Callable[[H], H]:
    """Mark a method of an endpoint class as an operation."""
    wanted = Operation(method=method, path=path, **about)

    def mark(handler: H) -> H:
        setattr(handler, _MARK, wanted)
        return handler

    return mark


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """An operation with the handler that carries it out."""

    operation: Operation
    handle: Callable[..., Any]


def operations_of(endpoints: object) -> list[Bound]:
    """The operations of an endpoint object, in the order they are written."""
    found = []
    for name, member in vars(type(endpoints)).items():
        wanted = getattr(member, _MARK, None)
        if wanted is not None:
            found.append(Bound(operation=wanted, handle=getattr(endpoints, name)))
    return found
