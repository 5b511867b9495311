"""The calls over HTTP/1.1: the Connect protocol and gRPC-Web, as plain clients of HTTP send them."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo

from penstock.api.grpc.descriptors import message_type
from tests.support.in_process import InProcessServer
from tests.support.server import Org

JSON, PROTO = {"content-type": "application/json"}, {"content-type": "application/proto"}
DEVICES = "/penstock.v1.DevicesService"


@pytest.fixture(scope="module")
def http(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


def enveloped(content: bytes) -> bytes:
    return struct.pack(">BI", 0, len(content)) + content


def envelopes(body: bytes) -> list[tuple[int, bytes]]:
    """The flag and the content of each envelope."""
    found = []
    while body:
        flag, size = struct.unpack(">BI", body[:5])
        found.append((flag, body[5 : 5 + size]))
        body = body[5 + size :]
    return found


def details(answer: httpx.Response, kind: type[Any]) -> list[Any]:
    packed = [one for one in answer.json()["details"] if one["type"] == kind.DESCRIPTOR.full_name]  # type: ignore[attr-defined]
    return [kind.FromString(base64.b64decode(one["value"] + "==")) for one in packed]  # type: ignore[attr-defined]


def test_json_and_binary_say_the_same(http: httpx.Client) -> None:
    made = http.post(f"{DEVICES}/CreateDevice", json={"name": "Pump", "expectedIntervalS": "60"}).raise_for_status().json()
    device_id = made["createdDevice"]["device"]["id"]
    in_json = http.post(f"{DEVICES}/GetDevice", json={"deviceId": device_id}).raise_for_status()
    request = message_type("GetDeviceRequest")(device_id=device_id).SerializeToString()
    in_bytes = http.post(f"{DEVICES}/GetDevice", content=request, headers=PROTO).raise_for_status()
    found: Any = message_type("GetDeviceResponse").FromString(in_bytes.content)
    assert in_json.headers["content-type"] == "application/json"
    assert in_bytes.headers["content-type"] == "application/proto"
    assert (found.device.id, found.device.name) == (device_id, in_json.json()["device"]["name"])
    assert in_json.json()["device"]["expectedIntervalS"] == "60"


def test_a_call_that_changes_nothing_can_be_a_get_and_no_other(http: httpx.Client) -> None:
    message = quote(json.dumps({"limit": 5}))
    found = http.get(f"{DEVICES}/ListDevices?encoding=json&message={message}")
    assert found.status_code == 200
    assert "data" in found.json()
    refused = http.get(f"{DEVICES}/CreateDevice?encoding=json&message={quote(json.dumps({'name': 'x'}))}")
    assert refused.status_code == 405


def test_an_error_has_its_code_status_and_details(http: httpx.Client) -> None:
    answer = http.post(f"{DEVICES}/GetDevice", json={"deviceId": "dev_0000000000001"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert [one.reason for one in details(answer, ErrorInfo)] == ["devices.not_found"]
    assert [one.request_id for one in details(answer, RequestInfo)] == [answer.headers["x-request-id"]]
    invalid = http.post(f"{DEVICES}/CreateDevice", json={"name": ""})
    assert (invalid.status_code, invalid.json()["code"]) == (400, "invalid_argument")
    assert [one.field for found in details(invalid, BadRequest) for one in found.field_violations] == ["name"]


def test_without_a_key_a_call_is_unauthenticated(in_process: InProcessServer) -> None:
    with in_process.client() as nobody:
        answer = nobody.post(f"{DEVICES}/ListDevices", json={})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_a_field_that_does_not_exist_is_named(http: httpx.Client) -> None:
    answer = http.post(f"{DEVICES}/GetDevice", json={"deviceIdent": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument")
    assert "deviceIdent" in answer.text


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"deviceId": 5}'])
def test_what_is_no_message_is_the_callers_mistake(http: httpx.Client, content: bytes) -> None:
    answer = http.post(f"{DEVICES}/GetDevice", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument")


def test_a_stream_comes_in_envelopes(http: httpx.Client) -> None:
    device = http.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]
    rows = [{"device_id": device, "data": {"n": n}} for n in range(3)]
    http.post("/api/v2/telemetry", json=rows).raise_for_status()
    request = enveloped(json.dumps({"deviceId": device, "range": "1h"}).encode())
    answer = http.post(
        "/penstock.v1.TelemetryService/ReadHistory", content=request, headers={"content-type": "application/connect+json"}
    )
    found = envelopes(answer.raise_for_status().content)
    assert [flag for flag, _ in found] == [0, 2]
    assert [one["data"] for one in json.loads(found[0][1])["readings"]] == [{"n": 0.0}, {"n": 1.0}, {"n": 2.0}]
    assert "error" not in json.loads(found[1][1])


def test_a_stream_that_fails_says_so_at_its_end(http: httpx.Client) -> None:
    request = enveloped(json.dumps({"deviceId": "dev_0000000000001", "range": "1h"}).encode())
    answer = http.post(
        "/penstock.v1.TelemetryService/ReadHistory", content=request, headers={"content-type": "application/connect+json"}
    )
    ((flag, end),) = envelopes(answer.content)
    assert (answer.status_code, flag, json.loads(end)["error"]["code"]) == (200, 2, "not_found")


def test_grpc_web_is_spoken_too(http: httpx.Client) -> None:
    request = enveloped(message_type("ListDevicesRequest")(limit=1).SerializeToString())
    answer = http.post(f"{DEVICES}/ListDevices", content=request, headers={"content-type": "application/grpc-web+proto"})
    message, trailers = envelopes(answer.raise_for_status().content)
    assert message_type("ListDevicesResponse").FromString(message[1]) is not None
    assert trailers[0] == 0x80
    assert b"grpc-status: 0" in trailers[1].replace(b"grpc-status:0", b"grpc-status: 0")


def test_native_grpc_is_sent_to_its_own_port(http: httpx.Client) -> None:
    answer = http.post(f"{DEVICES}/ListDevices", content=b"", headers={"content-type": "application/grpc"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unimplemented")
    assert "--grpc" in answer.json()["message"]


def test_a_call_that_is_unknown_is_not_found(http: httpx.Client) -> None:
    answer = http.post(f"{DEVICES}/Nothing", json={})
    assert (answer.status_code, answer.json()) == (404, {"code": "unimplemented", "message": "there is no such call"})


def test_a_message_above_the_limit_is_refused(http: httpx.Client) -> None:
    answer = http.post(f"{DEVICES}/CreateDevice", json={"name": "x", "description": "y" * 9_000_000})
    assert answer.json()["code"] == "resource_exhausted"
    assert 400 <= answer.status_code < 500
