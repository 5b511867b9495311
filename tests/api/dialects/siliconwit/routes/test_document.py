"""What the OpenAPI document says of SiliconWit's API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.in_process import InProcessServer

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(in_process: InProcessServer) -> Document:
    with in_process.client() as client:
        found: Document = client.get("/openapi.json").json()
        return found


def at(document: Document, method: str, path: str) -> Document:
    found: Document = document["paths"][path][method]
    return found


def test_the_device_call_takes_its_token_in_the_body_too(document: Document) -> None:
    """No security scheme can say so."""
    assert at(document, "post", "/api/devices/ingest")["security"] == [{"DeviceToken": []}, {}]


def test_parameters_have_their_values_and_examples(document: Document) -> None:
    found = {one["name"]: one for one in at(document, "get", "/v1/devices")["parameters"] if "name" in one}
    assert found["status"]["schema"] == {"type": "string", "enum": ["active", "paused"]}
    assert found["limit"]["example"] == 1


@pytest.mark.parametrize(
    ("path", "status", "example"),
    [
        ("/v1/devices/{device_id}", "404", {"error": "Device not found"}),
        ("/v1/devices", "401", {"error": "Invalid API key"}),
    ],
)
def test_refusals_are_shown_in_the_vendor_s_shape(document: Document, path: str, status: str, example: Document) -> None:
    name = at(document, "get", path)["responses"][status]["$ref"].rpartition("/")[2]
    assert document["components"]["responses"][name]["content"]["application/json"]["example"] == example


def test_values_are_an_object_of_any_content(document: Document) -> None:
    for name in ("SiliconwitReading", "SiliconwitIngest"):
        data = document["components"]["schemas"][name]["properties"]["data"]
        assert (data["type"], data["additionalProperties"]) == ("object", True), name


def test_a_wrong_method_is_refused_in_the_vendor_s_shape(in_process: InProcessServer) -> None:
    with in_process.client() as client:
        answer: httpx.Response = client.get("/api/devices/ingest")
    wanted = (405, {"error": "Method not allowed"}, "OPTIONS, POST")
    assert (answer.status_code, answer.json(), answer.headers["allow"]) == wanted
