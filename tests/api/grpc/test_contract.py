"""The services: every operation of the native API is a call, and the contract is as its readers expect."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from clients.generator.protobuf import all_rpcs
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
from penstock.bootstrap.mcp import native_operations
from penstock.kit.operation import Operation
from tests.security.table import operations

PROTO = Path("proto")
SERVICES = (
    "Agents Alerts Audit Commands Connections Customers Dashboards DeviceProfiles Devices Groups Imports Inboxes Invoices Keys "
    "Members MeterAlarms Meters Organization Rules Secrets Sensors Streams Tariffs Telemetry Tokens Usage Vault Webhooks"
)
UNIT = re.compile(r"^  .*?(?:int64|double) (\w+_(?:us|ms|s|min|days|bytes|pct|percent|m3|km|m|mv|dbm|hz)) = \d+;")


@functools.cache
def rpcs() -> dict[str, Rpc]:
    return {rpc.full_name: rpc for rpc in all_rpcs(native_operations())}


def buf(*words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("buf")
    return subprocess.run([str(program), *words], capture_output=True, text=True, check=False)


def operation(method: str = "GET", path: str = "/api/v2/devices", **more: object) -> Operation:
    return Operation(method=method, path=path, surface="v2", tag="Devices", summary="Do it", **more)  # type: ignore[arg-type]


def test_the_contract_passes_the_rules_of_buf() -> None:
    done = buf("lint", str(PROTO))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_rules_of_buf_are_applied(tmp_path: Path) -> None:
    (tmp_path / "buf.yaml").write_text((PROTO / "buf.yaml").read_text())
    folder = tmp_path / "penstock" / "v1"
    folder.mkdir(parents=True)
    text = (PROTO / "penstock/v1/vault.proto").read_text()
    (folder / "vault.proto").write_text(re.sub(r"^ *//.*\n", "", text, flags=re.MULTILINE).replace("VaultService", "Vault"))
    done = buf("lint", str(tmp_path))
    assert done.returncode == 100
    assert "Service" in done.stdout
    assert "comment" in done.stdout


def test_every_operation_is_a_call_or_is_elsewhere_for_a_reason() -> None:
    missing = [
        one.path
        for one in native_operations()
        if one.surface == "v2" and not is_call(one) and one.path not in _ELSEWHERE and one.tag != "Telemetry"
    ]
    assert missing == []
    paths = {one.path for one in operations()}
    assert [path for path in _ELSEWHERE if path not in paths] == []
    assert {(one.method, one.path) for one in native_operations() if one.tag == "Telemetry" and not is_call(one)} == {
        ("POST", "/api/v2/telemetry"),
        ("POST", "/api/v2/devices/{device_id}/telemetry"),
    }


def test_the_services_that_programs_look_for_exist() -> None:
    there = {rpc.service for rpc in rpcs().values()}
    assert {f"{name}Service" for name in SERVICES.split()} - there == set()
    assert all(tag_of(service) for service in there)


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
    assert [one.path for one in native_operations() if is_call(one) and call_name(one) != rpc_of(one).full_name] == []


def test_each_noun_has_one_file_with_one_service() -> None:
    files = {path.stem: path.read_text() for path in (PROTO / "penstock/v1").glob("*.proto")}
    services = {name: re.findall(r"^service (\w+) \{", text, re.MULTILINE) for name, text in files.items()}
    assert services.pop("common") == []
    assert {name: found for name, found in services.items() if len(found) != 1} == {}
    by_name = {found[0]: name for name, found in services.items()}
    assert by_name.keys() == {rpc.service for rpc in rpcs().values()}
    assert by_name["DeviceProfilesService"] == "device_profiles"


def test_every_call_says_which_request_it_is_and_which_scope_it_needs() -> None:
    assert [rpc.full_name for rpc in rpcs().values() if rpc.operation is not None and "REST: " not in rpc.about] == []
    assert [rpc.full_name for rpc in DECLARED if "Scope: " not in rpc.about] == []


def test_fields_with_units_say_so() -> None:
    bare, seen = [], 0
    for path in (PROTO / "penstock/v1").glob("*.proto"):
        before = ""
        for line in path.read_text().splitlines():
            if found := UNIT.match(line):
                seen += 1
                if not before.lstrip().startswith("//"):
                    bare.append(f"{path.stem}: {found[1]}")
            before = line
    assert bare == []
    assert seen > 50


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
