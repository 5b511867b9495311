"""Calls of operations, as a client of grpcio sees them: what is taken and answered, and under which conditions."""

from __future__ import annotations

import base64
import io
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from PIL import Image

from penstock.api.grpc.calling import CHUNK_BYTES
from tests.support.grpc_server import Caller, failure_of, made, refused, shown
from tests.support.in_process import InProcessServer
from tests.support.server import Org


def new_device(caller: Caller, **fields: Any) -> Any:
    return caller.call("DevicesService/CreateDevice", **({"name": "Pump"} | fields)).created_device.device


def test_a_thing_is_made_read_and_deleted(caller: Caller) -> None:
    device = new_device(caller, name="Pump 1", expected_interval_s=60)
    assert caller.call("DevicesService/GetDevice", device_id=device.id).device == device
    assert shown(caller.call("DevicesService/DeleteDevice", device_id=device.id)) == {}
    assert failure_of(caller, "DevicesService/GetDevice", device_id=device.id).code is grpc.StatusCode.NOT_FOUND


def test_structs_maps_lists_enums_and_times_are_as_over_http(caller: Caller, in_process: InProcessServer, org: Org) -> None:
    sent = {
        "settings": {"a": [1, None, {"b": True}], "c": "d", "e": 1.5},
        "labels": {"site": "harbour", "floor": "2"},
        "location": {"latitude": 51.5, "longitude": -0.25},
        "identifiers": [{"kind": "KIND_EXTERNAL", "value": "x"}, {"kind": "KIND_SERIAL", "value": "SN 1"}],
    }
    device = new_device(caller, **sent)
    with in_process.client(org) as client:
        over_http = client.get(f"/api/v2/devices/{device.id}").json()
    assert over_http["settings"] == sent["settings"]
    assert over_http["labels"] == sent["labels"]
    assert over_http["location"] == {"latitude": 51.5, "longitude": -0.25, "altitude_m": None}
    assert over_http["identifiers"] == [{"kind": "external", "value": "x"}, {"kind": "serial", "value": "SN 1"}]
    found = shown(device)
    assert {name: found[name] for name in ("labels", "identifiers", "settings")} == {
        name: sent[name] for name in ("labels", "identifiers", "settings")
    }
    assert found["created_at"] == over_http["created_at"]
    assert found["status"] == "STATUS_ACTIVE"
    assert over_http["status"] == "active"
    # Null is a field that is not set.
    assert not device.location.HasField("altitude_m")
    assert not device.HasField("last_seen_at")


def test_one_of_several_structs_is_a_oneof(caller: Caller, in_process: InProcessServer, org: Org) -> None:
    alert = caller.call(
        "AlertsService/CreateAlert",
        name="Hot",
        target={"all": True},
        condition={"threshold": {"field": "t", "operator": "OPERATOR_GREATER_OR_EQUAL", "value": 5.5}},
        actions=[{"email": {"to": ["ann@example.org"]}}, {"webhook": {}}],
        escalation=[{"after_s": 60, "actions": [{"email": {"to": ["bob@example.org"], "on_clear": True}}]}],
    ).alert
    assert [one.WhichOneof("type") for one in alert.actions] == ["email", "webhook"]
    assert alert.escalation[0].actions[0].email.on_clear is True
    with in_process.client(org) as client:
        over_http = client.get(f"/api/v2/alerts/{alert.id}").json()
    assert over_http["condition"] == {"type": "threshold", "field": "t", "operator": ">=", "value": 5.5}
    assert [one["type"] for one in over_http["actions"]] == ["email", "webhook"]
    failed = failure_of(caller, "AlertsService/CreateAlert", name="Hot", target={"all": True}, condition={})
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["condition"])
    assert "set one of threshold, change, rate" in failed.text


def test_any_value_is_one(caller: Caller) -> None:
    def value(expression: str) -> Any:
        call = "ExpressionsService/PreviewExpressionOrTemplate"
        return shown(
            caller.call(call, use="USE_RULE", expression=expression, variables={"reading": {"values": {"y": [2]}}}).previewed
        )["value"]

    assert value("[1, 'a', {'b': true}]") == [1, "a", {"b": True}]
    assert value("reading.values.y") == [2]
    assert value("'a' == 'a'") is True


def test_fields_of_a_query_are_lists_words_times_and_booleans(caller: Caller) -> None:
    mine = [new_device(caller, name=name, labels={"set": "query", "at": name}) for name in ("b", "c", "a")]

    def names(**query: Any) -> list[str]:
        return [one.name for one in caller.call("DevicesService/ListDevices", **query).data]

    assert names(label=["set:query"], sort="SORT_NAME") == ["a", "b", "c"]
    assert names(label=["set:query"], sort="SORT_NAME_DESCENDING", limit=2) == ["c", "b"]
    assert names(label=["set:query", "at:c"]) == ["c"]
    assert names(label=["set:query"], has_alert=True) == []
    assert len(names(label=["set:query"], has_alert=False)) == 3
    first = caller.call("DevicesService/ListDevices", label=["set:query"], sort="SORT_NAME", limit=2)
    assert names(label=["set:query"], sort="SORT_NAME", limit=2, cursor=first.next_cursor) == ["c"]

    def trail(**query: Any) -> set[str]:
        found = caller.call("AuditService/ListAuditLog", action="device.create", outcome="OUTCOME_SUCCESS", limit=1000, **query)
        return {one.target_id for one in found.data} & {device.id for device in mine}

    assert len(trail()) == 3
    assert trail(to_time="2001-01-01T00:00:00Z") == set()


def test_a_list_is_the_field_items(caller: Caller) -> None:
    found = caller.call("DevicesService/CreateManyDevices", items=[{"name": "x"}, {}]).devices_created
    assert (found.created, found.rejected, [(one.row, one.field) for one in found.errors]) == (1, 1, [(1, "name")])


def test_a_field_that_the_path_needs_cannot_be_left_out(caller: Caller) -> None:
    failed = failure_of(caller, "DevicesService/GetDevice")
    assert (failed.code, failed.text) == (grpc.StatusCode.INVALID_ARGUMENT, "device_id: is required")
    failed = failure_of(caller, "DevicesService/GetDevice", device_id="../keys?x=1#é")
    assert failed.code is grpc.StatusCode.NOT_FOUND


def test_an_enum_with_an_unknown_number_is_the_callers_error(caller: Caller) -> None:
    request = made("ListDevicesRequest")
    request.sort = 99
    failed = failure_of(caller, "DevicesService/ListDevices", request)
    assert (failed.code, failed.text) == (grpc.StatusCode.INVALID_ARGUMENT, "sort: has no value with the number 99")


# ── changes of some fields ──


def change(caller: Caller, device: Any, mask: str | None, **fields: Any) -> Any:
    if mask is not None:
        fields["update_mask"] = mask
    return caller.call("DevicesService/UpdateDevice", device_id=device.id, **fields).device


def test_without_a_mask_the_fields_that_are_set_are_changed(caller: Caller) -> None:
    device = new_device(caller, description="old", expected_interval_s=60, labels={"a": "b"})
    changed = change(caller, device, None, name="New")
    assert (changed.name, changed.description, changed.expected_interval_s) == ("New", "old", 60)
    assert dict(changed.labels) == {"a": "b"}
    assert change(caller, device, None, description="").description == ""


def test_with_a_mask_a_field_without_a_value_is_cleared_and_no_other_is_changed(caller: Caller) -> None:
    device = new_device(
        caller,
        description="old",
        expected_interval_s=60,
        labels={"a": "b"},
        identifiers=[{"kind": "KIND_MAC", "value": "aa:bb:cc:dd:ee:01"}],
    )
    changed = change(caller, device, "name,expectedIntervalS,labels,identifiers", name="New", description="not named")
    assert (changed.name, changed.description) == ("New", "old")
    assert not changed.HasField("expected_interval_s")
    assert (dict(changed.labels), list(changed.identifiers)) == ({}, [])


def test_an_empty_mask_changes_nothing(caller: Caller) -> None:
    device = new_device(caller)
    request = made("UpdateDeviceRequest", device_id=device.id, name="Not named")
    request.update_mask.SetInParent()
    failed_or_same = caller.call("DevicesService/UpdateDevice", request).device
    assert failed_or_same.name == "Pump"


@pytest.mark.parametrize("path", ["colour", "device_id", "update_mask", "location.latitude"])
def test_a_mask_that_names_what_cannot_be_changed_is_an_error(caller: Caller, path: str) -> None:
    request = made("UpdateDeviceRequest", device_id=new_device(caller).id, name="New")
    request.update_mask.paths.append(path)
    failed = failure_of(caller, "DevicesService/UpdateDevice", request)
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["update_mask"])
    assert repr(path) in failed.text


def test_what_cannot_be_cleared_says_so(caller: Caller) -> None:
    request = made("UpdateDeviceRequest", device_id=new_device(caller).id, update_mask="name")
    failed = failure_of(caller, "DevicesService/UpdateDevice", request)
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["name"])


# ── versions, repetitions ──


def test_a_read_has_its_version_and_a_change_of_an_older_one_fails(caller: Caller) -> None:
    device = new_device(caller)
    _, call = caller.answered("DevicesService/GetDevice", device_id=device.id)
    etag = dict(call.trailing_metadata())["etag"]
    _, call = caller.answered("DevicesService/ListDevices", limit=1)
    assert "etag" not in dict(call.trailing_metadata())
    careful = caller.with_metadata(("if-match", etag))
    assert careful.call("DevicesService/UpdateDevice", device_id=device.id, name="First").device.name == "First"
    failed = failure_of(careful, "DevicesService/UpdateDevice", device_id=device.id, name="Second")
    assert (failed.code, failed.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "request.precondition_failed")
    assert caller.call("DevicesService/GetDevice", device_id=device.id).device.name == "First"


def test_a_call_that_is_repeated_under_its_key_has_its_effect_once(caller: Caller) -> None:
    careful = caller.with_metadata(("idempotency-key", "one"))
    request = {"items": [{"name": "Once", "labels": {"set": "once"}}]}
    first, again = (careful.call("DevicesService/CreateManyDevices", **request) for _ in range(2))
    assert first == again
    assert len(caller.call("DevicesService/ListDevices", label=["set:once"]).data) == 1
    failed = failure_of(careful, "DevicesService/CreateManyDevices", items=[{"name": "Other"}])
    assert (failed.code, failed.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "idempotency.mismatch")


# ── files ──


def test_a_file_is_a_stream_of_pieces_with_its_type_in_the_first(caller: Caller) -> None:
    device = new_device(caller)
    rows = 4_000
    readings = [{"device_id": device.id, "data": {"name": "x" * 40, "n": n}} for n in range(rows)]
    caller.call("TelemetryService/SendReadings", readings=readings)
    pieces = list(caller.call("TelemetryService/ExportReadings", device_id=device.id, format="FORMAT_CSV"))
    assert pieces[0].content_type.startswith("text/csv")
    assert {piece.content_type for piece in pieces[1:]} == {""}
    assert len(pieces) > 2
    assert max(len(piece.content) for piece in pieces) <= CHUNK_BYTES
    lines = b"".join(piece.content for piece in pieces).decode().splitlines()
    assert len(lines) == rows + 1
    assert "name" in lines[0]


def test_a_file_that_there_is_not_fails_before_its_first_piece(caller: Caller) -> None:
    failed = failure_of(caller, "TelemetryService/ExportReadings", device_id="dev_0000000000001")
    assert (failed.code, failed.reason) == (grpc.StatusCode.NOT_FOUND, "devices.not_found")


def test_a_picture_is_sent_and_read_with_its_type(caller: Caller) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    caller.call(
        "OrganizationService/SetLogo",
        made("SetLogoRequest", content_type="image/png", content=base64.b64encode(file.getvalue()).decode()),
    )
    pieces = list(caller.call("OrganizationService/GetLogo"))
    assert pieces[0].content_type == "image/png"
    read = Image.open(io.BytesIO(b"".join(piece.content for piece in pieces)))
    assert read.size == (40, 30)
    failed = failure_of(caller, "OrganizationService/SetLogo", content_type="é", content="")
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["content_type"])


# ── errors and limits ──


def test_an_error_names_the_fields_as_they_are_in_the_message(caller: Caller) -> None:
    failed = failure_of(caller, "AlertsService/CreateAlert", name="", target={"all": True}, condition={"no_data": {"after_s": 0}})
    assert failed.code is grpc.StatusCode.INVALID_ARGUMENT
    assert failed.fields[0] == "name"
    device = new_device(caller)
    failed = failure_of(
        caller,
        "TelemetryService/ListReadings",
        device_id=device.id,
        from_time="2026-01-02T00:00:00Z",
        to_time="2026-01-01T00:00:00Z",
    )
    assert failed.code is grpc.StatusCode.INVALID_ARGUMENT
    assert set(failed.fields) <= {"from_time", "to_time"}
    assert failed.fields


def test_a_limit_is_in_the_trailers_and_beyond_it_there_is_a_time_to_wait(caller: Caller) -> None:
    made_key = caller.call("KeysService/CreateKey", name="Slow", scopes=["devices:read"], calls_per_minute=2).created_key
    slow = Caller(caller.channel, [("x-api-key", made_key.value), caller.metadata[1]])
    _, call = slow.answered("DevicesService/CountDevices")
    found = dict(call.trailing_metadata())
    assert (found["x-ratelimit-limit"], found["x-ratelimit-remaining"]) == ("2", "1")
    failed = next(filter(None, (refused(slow, "DevicesService/CountDevices") for _ in range(9))))  # a minute may end meanwhile
    assert (failed.code, failed.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "limits.exceeded")
    wait_s = int(failed.trailers["retry-after"])
    assert wait_s > 0
    assert failed.detail(RetryInfo).retry_delay.seconds == wait_s
    assert failed.trailers["x-ratelimit-remaining"] == "0"
