"""The services: every operation of the native API is a call, and the contract is as its readers expect."""

from __future__ import annotations

import functools
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from clients.generator.protobuf import all_rpcs, operations_of_calls
from penstock.api.grpc.contract import (
    _ELSEWHERE,
    CHUNK,
    DECLARED,
    MASK,
    Rpc,
    call_name,
    is_call,
    rpc_of,
    service_of,
    tag_of,
    whole_of,
)
from penstock.api.grpc.descriptors import pool
from penstock.kit.operation import Operation
from tests.security.table import UNLESS_TOLD, operations

READINGS_COME_IN = {("POST", "/api/v2/telemetry"), ("POST", "/api/v2/devices/{device_id}/telemetry")}
"""These are `SendReadings` and its streams, whose messages are made for many readings."""


@functools.cache
def rpcs() -> dict[str, Rpc]:
    return {rpc.full_name: rpc for rpc in all_rpcs(operations_of_calls())}


def operation(method: str = "GET", path: str = "/api/v2/devices", **more: object) -> Operation:
    return Operation(method=method, path=path, surface="v2", tag="Devices", summary="Do it", **more)  # type: ignore[arg-type]


def test_every_operation_is_a_call_or_is_elsewhere_for_a_reason() -> None:
    native = [one for one in operations() if one.surface == "v2"]
    called = {(rpc.operation.method, rpc.operation.path) for rpc in rpcs().values() if rpc.operation is not None}
    others = {(one.method, one.path) for one in native} - called
    assert {one for one in others if one[1] not in _ELSEWHERE} == READINGS_COME_IN
    assert _ELSEWHERE.keys() - {path for _, path in others} == set()
    assert called - {(one.method, one.path) for one in native} - UNLESS_TOLD == set()


def test_every_service_has_a_tag() -> None:
    assert [rpc.service for rpc in rpcs().values() if service_of(tag_of(rpc.service)) != rpc.service] == []


def test_the_calls_of_the_table_are_those_of_the_descriptors() -> None:
    for name, rpc in rpcs().items():
        found = pool().FindServiceByName(name[1:].split("/")[0]).methods_by_name[rpc.name]
        assert (found.client_streaming, found.server_streaming) == (rpc.streams_in, rpc.streams_out), name
        assert [field.name for field in found.input_type.fields] == [field.name for field in rpc.request], name
        assert [field.name for field in found.output_type.fields] == [field.name for field in rpc.response], name
    described = {
        f"/penstock.v1.{service}/{method}"
        for service in {rpc.service for rpc in rpcs().values()}
        for method in pool().FindServiceByName(f"penstock.v1.{service}").methods_by_name
    }
    assert described == rpcs().keys()


def test_the_short_name_of_a_call_is_the_one_that_its_description_has() -> None:
    assert [one.path for one in operations_of_calls() if is_call(one) and call_name(one) != rpc_of(one).full_name] == []


def test_every_call_says_which_request_it_is_and_which_scope_it_needs() -> None:
    assert [rpc.full_name for rpc in rpcs().values() if rpc.operation is not None and "REST: " not in rpc.about] == []
    assert [rpc.full_name for rpc in DECLARED if "Scope: " not in rpc.about] == []


def test_only_calls_that_change_nothing_say_so() -> None:
    assert {rpc.operation.method for rpc in rpcs().values() if rpc.operation is not None and rpc.reads} == {"GET"}
    assert rpcs()["/penstock.v1.DevicesService/ListDevices"].reads
    assert not rpcs()["/penstock.v1.DevicesService/CreateDevice"].reads


# ── single operations ──


class Thing(Struct, frozen=True):
    """A thing."""

    name: str
    wait_s: Annotated[int, Meta(ge=1)] = 5


class Query(Struct, frozen=True):
    """How to select."""

    limit: int = 10
    device_id: str | None = None


def test_a_request_has_the_path_the_query_and_the_body() -> None:
    rpc = rpc_of(operation("PATCH", "/api/v2/devices/{device_id}", body=Thing, answer=Thing))
    assert [field.name for field in rpc.request] == ["device_id", "name", "wait_s", MASK]
    assert [field.name for field in rpc.path] == ["device_id"]
    assert rpc.is_patch
    assert [field.name for field in rpc.response] == ["thing"]
    assert whole_of(rpc.response) is rpc.response[0]


def test_a_field_of_a_query_with_the_name_of_one_in_the_path_has_another() -> None:
    rpc = rpc_of(operation("GET", "/api/v2/devices/{device_id}", query=Query, answer=Thing))
    assert [field.name for field in rpc.request] == ["device_id", "limit", "other_device_id"]


def test_two_fields_of_one_name_are_a_fault_of_the_operation() -> None:
    class Body(Struct, frozen=True):
        device_id: str

    with pytest.raises(ValueError, match="has a field twice"):
        rpc_of(operation("POST", "/api/v2/devices/{device_id}", body=Body, answer=Thing))


def test_a_list_and_any_object_are_one_field() -> None:
    assert [field.name for field in rpc_of(operation("POST", body=list[Thing], answer=Thing)).request] == ["items"]  # type: ignore[arg-type]
    assert rpc_of(operation("POST", answer=list[Thing])).response[0].name == "value"  # type: ignore[arg-type]
    assert rpc_of(operation("DELETE")).response == ()


def test_a_file_is_sent_with_its_type_and_answered_in_pieces() -> None:
    rpc = rpc_of(operation("PUT", body=Thing, body_types=("image/png", "image/jpeg"), media_type="text/csv"))
    assert [field.name for field in rpc.request] == ["content", "content_type"]
    assert "image/png, image/jpeg" in rpc.request[1].about[0]
    assert (rpc.response, rpc.streams_out) == (CHUNK, True)


def test_a_service_is_named_after_its_tag() -> None:
    assert service_of("Meter alarms") == "MeterAlarmsService"
    assert service_of("Organisation") == "OrganizationService"
    assert tag_of("SignInService") == "Signing in"
    assert msgspec.structs.asdict(rpc_of(operation()))["service"] == "DevicesService"
