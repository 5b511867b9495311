"""The calls of all services: how they are found, and the status of every failure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import structlog
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo

from penstock.api.grpc.contract import DECLARED, FOLLOW, HISTORY, Rpc
from penstock.api.grpc.descriptors import message_type, pool
from penstock.api.grpc.errors import CallFailed
from penstock.api.grpc.exchange import Exchange
from penstock.api.grpc.services import Method, answer, answers
from penstock.kit.errors import InvalidInput
from tests.support.in_process import InProcessServer


def method(handle: Any, rpc: Rpc = FOLLOW) -> Method:
    return Method(rpc, message_type(f"{rpc.name}Request"), message_type(f"{rpc.name}Response"), handle)


def exchange() -> Exchange:
    return Exchange(headers=[], client=None, trailers=[(b"x-left", b"1")])


def test_every_call_of_the_contract_is_found_and_no_other(in_process: InProcessServer) -> None:
    async def look(server: Any) -> dict[str, Any]:
        services = server.calls_of_grpc()
        assert services.find("/penstock.v1.DevicesService/Nothing") is None
        return {name: services.find(name) for name in services.names}

    found = in_process.call(look)
    assert {one.full_name for one in DECLARED} <= set(found)
    for name, one in found.items():
        service, _, call = name.removeprefix("/").partition("/")
        described = pool().FindServiceByName(service).methods_by_name[call]
        assert (described.input_type, described.output_type) == (one.request.DESCRIPTOR, one.response.DESCRIPTOR)
        assert (one.rpc.streams_in, one.rpc.streams_out) == (described.client_streaming, described.server_streaming)


def test_a_method_is_prepared_once(in_process: InProcessServer) -> None:
    async def look(server: Any) -> bool:
        services = server.calls_of_grpc()
        name = "/penstock.v1.DevicesService/GetDevice"
        return services.find(name) is services.find(name)

    assert in_process.call(look)


async def test_an_error_becomes_the_end_of_the_call() -> None:
    async def refuse(message: Any, exchange: Exchange) -> Any:
        raise InvalidInput.field("from", "is required", "missing")

    with pytest.raises(CallFailed) as ended:
        await answer(method(refuse, HISTORY), None, exchange())
    failed = ended.value
    assert (failed.code, failed.message) == (grpc.StatusCode.INVALID_ARGUMENT, "from: is required")
    assert [one.field for detail in failed.details if isinstance(detail, BadRequest) for one in detail.field_violations] == [
        "from_time"
    ]
    assert (b"x-left", b"1") in failed.trailers


async def test_a_bug_is_logged_once_and_is_internal() -> None:
    async def break_off(message: Any, exchange: Exchange) -> Any:
        raise ZeroDivisionError("the secret of the bug")

    async def break_off_later(message: Any, exchange: Exchange) -> AsyncIterator[Any]:
        yield 1
        raise ZeroDivisionError("the secret of the bug")

    with structlog.testing.capture_logs() as logged, pytest.raises(CallFailed) as ended:
        await answer(method(break_off), None, exchange())
    with structlog.testing.capture_logs() as later, pytest.raises(CallFailed) as ended_later:
        _ = [one async for one in answers(method(break_off_later), None, exchange())]
    for entries, failed in ((logged, ended.value), (later, ended_later.value)):
        assert [(one["event"], one["call"]) for one in entries] == [("call_failed", FOLLOW.full_name)]
        assert failed.code is grpc.StatusCode.INTERNAL
        assert "secret" not in failed.message
        assert [one.reason for one in failed.details if isinstance(one, ErrorInfo)] == ["server.internal"]


async def test_what_a_stream_holds_is_freed_when_its_reader_leaves() -> None:
    freed = []

    async def endless(message: Any, exchange: Exchange) -> AsyncIterator[int]:
        try:
            while True:
                yield 1
        finally:
            freed.append(True)

    pieces = answers(method(endless), None, exchange())
    assert await anext(pieces) == 1
    await pieces.aclose()  # type: ignore[attr-defined]
    assert freed == [True]
