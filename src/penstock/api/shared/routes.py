"""The operations of a resource, each declared once.

A handler's signature states what the operation reads and returns, its docstring what it does:

    class DeviceEndpoints:
        routes = Routes("/api/v2/devices", surface="v2", tag="Devices")

        @routes.get("/{device_id}", scope="devices:read", example=Example(path=DEVICE_PATH, answer=DEVICE))
        async def get(self, call: Call[None, None]) -> wire.Device:
            '''Get a device.'''

`Call[Query, Body]` names the structs into which the query and the body are decoded. The return value is the response: a value,
an `Answer[value]` with its own status or headers, a `Stream`, or None for 204. The example is checked against these types when
the module is imported.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from typing import Any, Unpack

from penstock.api.shared.call import Answer, Call, Handler, Stream
from penstock.kit.operation import Operation, OperationMisdescribed, OperationOptions, mark, words_of

NO_CONTENT = 204
IDEMPOTENCY_HEADER = {
    "Idempotency-Key": "A name for this request, of 1 to 255 characters. The response is remembered under it for 24 hours, and "
    "returned to repetitions of the request, which change nothing."
}


class Routes:
    """Marks the handlers of one resource. `path` is the common prefix of their paths."""

    def __init__(self, path: str, *, surface: str, tag: str) -> None:
        self._path = path
        self._surface = surface
        self._tag = tag

    def get(self, path: str = "", **options: Unpack[OperationOptions]) -> Callable[[Handler], Handler]:
        """Mark a handler that reads."""
        return self._operation("GET", path, options)

    def post(self, path: str = "", **options: Unpack[OperationOptions]) -> Callable[[Handler], Handler]:
        """Mark a handler that creates something or starts an action."""
        return self._operation("POST", path, options)

    def put(self, path: str = "", **options: Unpack[OperationOptions]) -> Callable[[Handler], Handler]:
        """Mark a handler that replaces."""
        return self._operation("PUT", path, options)

    def patch(self, path: str = "", **options: Unpack[OperationOptions]) -> Callable[[Handler], Handler]:
        """Mark a handler that changes the supplied fields."""
        return self._operation("PATCH", path, options)

    def delete(self, path: str = "", **options: Unpack[OperationOptions]) -> Callable[[Handler], Handler]:
        """Mark a handler that deletes."""
        return self._operation("DELETE", path, options)

    def _operation(self, method: str, path: str, options: OperationOptions) -> Callable[[Handler], Handler]:
        def marked(handler: Handler) -> Handler:
            mark(handler, self._described(method, self._path + path, handler, options))
            return handler

        return marked

    def _described(self, method: str, path: str, handler: Callable[..., Any], options: OperationOptions) -> Operation:
        # Required explicitly, so that an operation cannot become public because its scope was forgotten.
        if "scope" not in options:
            raise OperationMisdescribed(f"{handler.__qualname__} must state its scope, or None if it has none")
        summary, description = words_of(handler)
        query, body, answer = _types(handler)
        if answer is None:
            options = OperationOptions(**({"status": NO_CONTENT} | options))
        idempotent = options.get("idempotent", method == "POST" and options["scope"] is not None)
        if idempotent:
            options = OperationOptions(**(options | {"headers": {**options.get("headers", {}), **IDEMPOTENCY_HEADER}}))
        options["idempotent"] = idempotent
        return Operation(
            method=method,
            path=path,
            surface=self._surface,
            tag=self._tag,
            summary=summary,
            description=description,
            query=query,
            body=body,
            answer=answer,
            **options,
        )


def _types(handler: Callable[..., Any]) -> tuple[Any, Any, Any]:
    """The types of query, body and response; None if there is none."""
    hints = typing.get_type_hints(handler, include_extras=True)
    if "return" not in hints or typing.get_origin(hints.get("call")) is not Call:
        raise OperationMisdescribed(f"{handler.__qualname__} must have the signature (self, call: Call[Query, Body]) -> Answer")
    query, body = typing.get_args(hints["call"])
    answer = _answered(hints["return"])
    # Such a response would appear in the OpenAPI document without any fields.
    if answer is object or answer is Any:
        raise OperationMisdescribed(f"{handler.__qualname__} must return a wire struct, which describes its response")
    return _or_none(query), _or_none(body), answer


def _answered(returned: Any) -> Any:
    """The type of the response's content."""
    if returned is Stream:
        return str
    if typing.get_origin(returned) is Answer:
        return _or_none(typing.get_args(returned)[0])
    if typing.get_origin(returned) in (typing.Union, types.UnionType):
        carried = [one for one in typing.get_args(returned) if one is not Stream]
        return _answered(carried[0]) if len(carried) == 1 else returned
    return _or_none(returned)


def _or_none(found: Any) -> Any:
    return None if found is types.NoneType else found
