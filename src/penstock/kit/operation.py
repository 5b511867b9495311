"""Operations: the unit of every HTTP surface, and the one table of them.

An operation is a method and a path with everything there is to know about it: the required scope, its input, its responses,
examples. The router, the OpenAPI document and the matrix tests (scopes, foreign ids) are built from the same table, so that a new
operation appears in all of them automatically.

This module has the table and its rows. Endpoint classes of the API fill it through `api.shared.routes`, which reads the rows from
the signatures of handlers; hot paths that are ASGI applications describe themselves with `asgi_operation`.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Awaitable, Callable, Hashable
from types import GenericAlias, UnionType
from typing import Any, Required, TypeAlias, TypedDict, TypeVar, Union, Unpack, cast, get_args, get_origin

import msgspec

WireType: TypeAlias = type[Any] | GenericAlias | UnionType
"""What JSON is decoded into or encoded from: a wire struct, a list or an object of some, a string, or one of several."""
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """An example call of an operation; None if there is nothing to show."""

    path: dict[str, str] = {}
    query: dict[str, str] = {}
    body: object | None = None
    answer: object | None = None


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as data.

    `surface` is the API that it belongs to; it determines the shape of errors. `query` and `body` are wire structs, `answer` is
    the content of a success. `refuses` are statuses of errors in addition to those that follow from its form. The other fields
    are described at `OperationOptions`.
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
    of_customer: bool = False
    status: int = 200
    query: type[msgspec.Struct] | None = None
    body: WireType | None = None
    answer: WireType | None = None
    example: Example = Example()
    media_type: str = "application/json"
    other_media_types: tuple[str, ...] = ()
    body_types: tuple[str, ...] = ("application/json",)
    headers: dict[str, str] = {}
    max_body_bytes: int = 1_048_576
    refuses: tuple[int, ...] = ()
    idempotent: bool = False

    @property
    def body_optional(self) -> bool:
        """Whether a request without a body is read as one with the body `{}`: no field of the body is required."""
        return self.body is not None and _has_no_required_field(cast(Hashable, self.body))

    @property
    def id(self) -> str:
        """A name for generated clients, unique by method and path."""
        words = [part.strip("{}").replace(".", "_").replace("-", "_") for part in self.path.split("/") if part]
        return "_".join([self.method.lower(), *words]).replace(":path", "")


@functools.cache
def _has_no_required_field(body: Hashable) -> bool:
    # Only of a struct, of which a tag is a required field: an object of any fields is the message itself.
    if not isinstance(body, type) or not issubclass(body, msgspec.Struct) or body.__struct_config__.tag is not None:
        return False
    return not any(field.required for field in msgspec.structs.fields(body))


class OperationOptions(TypedDict, total=False):
    """The properties of an operation in addition to its method, path and types.

    scope: the required scope; None if no credential is required.
    device_token: a device's own access token is accepted as well.
    session: only a signed-in user can call it, not an API key.
    of_project: a key bound to a project can call it, because its input and output belong to that project alone.
    of_resident: a resident can call it, because it shows only the resident and the device in its path, which must be theirs.
    of_customer: a customer's manager can call it, because it is about their customer: the one in its path, the device in its
        path, which must be placed there, or what the use case limits to their customer.
    status: the status of a success.
    media_type: the media type of a success; on request one of `other_media_types`.
    body_types: the accepted media types of the body. One that is not JSON, such as an image, is the only field of its struct.
    headers: headers that a caller can send, and their meaning.
    max_body_bytes: the maximum size of the body.
    refuses: statuses of errors that do not follow from the operation's form.
    idempotent: a request with an `Idempotency-Key` has its effect once, and its response is returned to every repetition. A POST
        with a scope is, unless it says otherwise.
    """

    scope: Required[str | None]
    device_token: bool
    session: bool
    of_project: bool
    of_resident: bool
    of_customer: bool
    status: int
    example: Example
    media_type: str
    other_media_types: tuple[str, ...]
    body_types: tuple[str, ...]
    headers: dict[str, str]
    max_body_bytes: int
    refuses: tuple[int, ...]
    idempotent: bool


class AsgiOptions(OperationOptions, total=False):
    """The properties of an operation that is an ASGI application, and so has no signature to read its types from."""

    surface: Required[str]
    tag: Required[str]
    query: type[msgspec.Struct]
    body: WireType
    answer: WireType


class OperationMisdescribed(TypeError):
    """An operation and its description disagree. Raised when its module is imported."""


def check_example(operation: Operation) -> None:
    """Compare an operation's example with its path and types.

    Raises:
        OperationMisdescribed: the example would not be accepted, or could not be a response.
    """
    example, name = operation.example, f"{operation.method} {operation.path}"
    if set(example.path) != set(_PARAMETER.findall(operation.path)):
        raise OperationMisdescribed(f"{name}: the example's path has the parameters {sorted(example.path)}")
    for part, value, expected, strict in (
        ("query", example.query, operation.query, False),
        ("body", example.body, operation.body, True),
        ("answer", example.answer, operation.answer, True),
    ):
        if expected is None and not value:
            continue
        if expected is None:
            raise OperationMisdescribed(f"{name}: the example has a {part}, but the operation has none")
        misfits = _misfits(value, expected, strict=strict)
        if misfits:
            raise OperationMisdescribed(f"{name}: the example's {part} does not match: {misfits}")


def _misfits(value: object, expected: Any, *, strict: bool) -> str:
    """Why a value does not have the expected type; empty if it does.

    Checked one at a time, because msgspec cannot decode unions of untagged structs.
    """
    written, found = msgspec.json.encode(value), []
    for one in get_args(expected) if get_origin(expected) in (Union, UnionType) else (expected,):
        try:
            read = msgspec.json.decode(written, type=one, strict=strict)
        except msgspec.ValidationError as error:
            found.append(str(error))
        else:
            lost = _lost(msgspec.json.decode(written), msgspec.json.decode(msgspec.json.encode(read)))
            if not lost:
                return ""
            found.append(f"it has no field {lost}")  # msgspec skips unknown fields
    return "; ".join(found)


def _lost(value: object, kept: object) -> str:
    """The first field of a value that was not kept; empty if all were."""
    if isinstance(value, dict) and isinstance(kept, dict):
        lost = [name for name in value if name not in kept]
        return lost[0] if lost else next(filter(None, (_lost(value[name], kept[name]) for name in value)), "")
    if isinstance(value, list) and isinstance(kept, list):
        return next(filter(None, map(_lost, value, kept)), "")
    return ""


_MARK = "__penstock_operation__"
_AsgiHandler = TypeVar("_AsgiHandler", bound=Callable[..., Awaitable[None]])


def mark(handler: object, operation: Operation) -> None:
    """Make a method of an endpoint class execute an operation.

    Raises:
        OperationMisdescribed: its example does not match.
    """
    check_example(operation)
    setattr(handler, _MARK, operation)


def words_of(handler: Callable[..., Any]) -> tuple[str, str]:
    """Summary and description: the docstring's first sentence without its full stop, and the rest with its lines joined.

    Raises:
        OperationMisdescribed: the docstring does not start with a sentence.
    """
    summary, _, rest = (inspect.getdoc(handler) or "").partition("\n\n")
    if not summary.endswith("."):
        raise OperationMisdescribed(f"{handler.__qualname__} must have a docstring that starts with a sentence")
    return " ".join(summary.split())[:-1], "\n\n".join(" ".join(part.split()) for part in rest.split("\n\n"))


def asgi_operation(method: str, path: str, **options: Unpack[AsgiOptions]) -> Callable[[_AsgiHandler], _AsgiHandler]:
    """Mark a method that is an ASGI application as an operation. Its docstring states what it does."""

    def marked(handler: _AsgiHandler) -> _AsgiHandler:
        summary, description = words_of(handler)
        mark(handler, Operation(method=method, path=path, summary=summary, description=description, **options))
        return handler

    return marked


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """An operation with the handler that executes it."""

    operation: Operation
    handle: Callable[..., Any]


def operations_in(kind: type) -> list[Operation]:
    """The operations of a class of endpoints, in the order of their definition."""
    return [found for member in vars(kind).values() if isinstance(found := getattr(member, _MARK, None), Operation)]


def operations_of(endpoints: object) -> list[Bound]:
    """The operations of an endpoint object, in the order of their definition."""
    found = []
    for name, member in vars(type(endpoints)).items():
        expected = getattr(member, _MARK, None)
        if expected is not None:
            found.append(Bound(operation=expected, handle=getattr(endpoints, name)))
    return found
