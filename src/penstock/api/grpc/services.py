"""The calls of all services, whichever protocol carries them: finds what handles a call, and gives every failure its status."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import msgspec
import structlog
from google.protobuf.message import Message

from penstock.api.grpc.batches import Door
from penstock.api.grpc.calling import Calls, Plan
from penstock.api.grpc.contract import DECLARED, FOLLOW, HISTORY, SEND, STREAM, UPLOAD, Rpc, call_name, is_call, rpc_of
from penstock.api.grpc.descriptors import message_type
from penstock.api.grpc.errors import CallFailed, failed
from penstock.api.grpc.exchange import Exchange
from penstock.api.grpc.following import Following, Open
from penstock.api.grpc.readings import History, Readings
from penstock.kit.errors import InternalError, PenstockError
from penstock.kit.operation import Bound

_PAGES = "/api/v2/devices/{device_id}/telemetry"
_log = structlog.get_logger()


class Method(msgspec.Struct, frozen=True):
    """How a call is handled. `handle` takes a message, or with `streams_in` an iterator of them, and the exchange.

    It returns a message, or with `streams_out` an iterator of them.
    """

    rpc: Rpc
    request: type[Message]
    response: type[Message]
    handle: Callable[[Any, Exchange], Any]

    def rename(self, field: str) -> str:
        """The name of a field in the request, from the one in an error of the API."""
        head, dot, rest = field.partition(".")
        return next((one.name for one in self.rpc.request if one.json_name == head != ""), head) + dot + rest


class Services:
    """All calls by their full name, such as `/penstock.v1.DevicesService/GetDevice`.

    Most are prepared when they are first called: describing all of them takes half a second.
    """

    def __init__(self, calls: Calls, bound: Iterable[Bound], raw: Iterable[Bound], door: Door, open_stream: Open) -> None:
        self._calls = calls
        operations = [(one, False) for one in bound] + [(one, True) for one in raw]
        self._bound = {call_name(one.operation): (one, http) for one, http in operations if is_call(one.operation)}
        self._prepared: dict[str, Method] = {}
        self._declare(Readings(door), Following(open_stream))

    @property
    def names(self) -> list[str]:
        """The full names of all calls."""
        return sorted([*self._prepared.keys() | self._bound.keys()])

    def find(self, name: str) -> Method | None:
        """What handles a call; None if there is no such call."""
        found = self._prepared.get(name)
        if found is None and name in self._bound:
            found = self._prepared[name] = self._prepare(*self._bound[name])
        return found

    def _prepare(self, bound: Bound, answers_http: bool) -> Method:
        rpc = rpc_of(bound.operation)
        plan = Plan(rpc, bound, answers_http=answers_http)
        call = self._calls.file if plan.is_file else self._calls.unary

        def handle(message: Message, exchange: Exchange) -> Any:
            return call(plan, message, exchange)

        return _method(rpc, handle)

    def _declare(self, readings: Readings, following: Following) -> None:
        found = next(one for one, _ in self._bound.values() if (one.operation.method, one.operation.path) == ("GET", _PAGES))

        @functools.cache
        def history() -> History:
            return History(self._calls, Plan(rpc_of(found.operation), found))

        def read_history(message: Message, exchange: Exchange) -> AsyncIterator[Message]:
            return history().read(message, exchange)

        handlers = {
            SEND: readings.send,
            STREAM: readings.stream,
            UPLOAD: readings.upload,
            HISTORY: read_history,
            FOLLOW: following.follow,
        }
        assert set(handlers) == set(DECLARED)
        for rpc, handle in handlers.items():
            self._prepared[rpc.full_name] = _method(rpc, handle)


def _method(rpc: Rpc, handle: Callable[[Any, Exchange], Any]) -> Method:
    return Method(rpc, message_type(f"{rpc.name}Request"), message_type(f"{rpc.name}Response"), handle)


async def answer(method: Method, message: Any, exchange: Exchange) -> Message:
    """The response to a call with one.

    Raises:
        CallFailed: it ends with another status than OK.
    """
    try:
        return await method.handle(message, exchange)
    except PenstockError as error:
        raise failed(error, exchange.request_id, exchange.trailers, method.rename) from None
    except CallFailed:
        raise
    except Exception as error:
        raise _bug(error, method, exchange) from None


async def answers(method: Method, message: Any, exchange: Exchange) -> AsyncIterator[Message]:
    """The responses to a call with several.

    Raises:
        CallFailed: it ends with another status than OK.
    """
    pieces = method.handle(message, exchange)
    try:
        async for one in pieces:
            yield one
    except PenstockError as error:
        raise failed(error, exchange.request_id, exchange.trailers, method.rename) from None
    except CallFailed:
        raise
    except Exception as error:
        raise _bug(error, method, exchange) from None
    finally:
        # Now, and not when the iterator is collected: it may hold a subscription.
        await pieces.aclose()


def _bug(error: Exception, method: Method, exchange: Exchange) -> CallFailed:
    _log.error("call_failed", request_id=exchange.request_id, call=method.rpc.full_name, exc_info=error)
    return failed(InternalError(), exchange.request_id, exchange.trailers)
