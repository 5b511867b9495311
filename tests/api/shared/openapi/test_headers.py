"""The headers of answers: those that are sent are described, over a socket."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer

ALWAYS = {
    "referrer-policy",
    "x-content-type-options",
    "content-encoding",
    "content-type",
    "content-length",
    "date",
    "cache-control",
    "vary",
    "connection",
    "server",
    "transfer-encoding",
}


def described(document: dict[str, Any], path: str, status: int, method: str = "get") -> set[str]:
    response = document["paths"][path][method]["responses"][str(status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return {name.lower() for name in response["headers"]}


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/api/v2/devices", "", 200),
        ("/api/v2/devices", "?limit=0", 400),
        ("/api/v2/devices/{device_id}", "", 404),
        ("/v1/devices", "", 200),
        ("/api/v2/organization", "", 200),
        ("/health", "", 200),
    ],
)
def test_what_is_sent_is_described(api: httpx.Client, path: str, query: str, status: int) -> None:
    document = api.get("/openapi.json").json()
    answer = api.get(path.replace("{device_id}", "dev_0000000000007") + query)
    assert answer.status_code == status
    sent = {name.lower() for name in answer.headers} - ALWAYS
    assert sent <= described(document, path, status)


def test_so_are_those_of_changes_and_repetitions(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    key = {"Idempotency-Key": secrets.token_hex(8)}
    made, again = (api.post("/api/v2/devices", json={"name": "described"}, headers=key) for _ in range(2))
    path = "/api/v2/devices/" + made.json()["device"]["id"]
    read = api.get(path)
    unchanged = api.get(path, headers={"If-None-Match": read.headers["etag"]})
    changed = api.patch(path, json={"name": "changed"}, headers={"If-Match": read.headers["etag"]})
    too_late = api.patch(path, json={"name": "late"}, headers={"If-Match": read.headers["etag"]})
    for answer, template in (
        (made, "/api/v2/devices"),
        (again, "/api/v2/devices"),
        (read, "/api/v2/devices/{device_id}"),
        (unchanged, "/api/v2/devices/{device_id}"),
        (changed, "/api/v2/devices/{device_id}"),
        (too_late, "/api/v2/devices/{device_id}"),
    ):
        sent = {name.lower() for name in answer.headers} - ALWAYS
        assert sent <= described(document, template, answer.status_code, answer.request.method.lower()), answer
    assert "idempotent-replayed" in again.headers
    assert "etag" in changed.headers


def test_an_answer_without_a_credential_says_how_to_bring_one(server: RunningServer) -> None:
    document = httpx.get(f"{server.base_url}/openapi.json").json()
    answer = httpx.get(f"{server.base_url}/api/v2/devices")
    assert answer.status_code == 401
    assert {"x-request-id", "www-authenticate"} <= {*map(str.lower, answer.headers)}
    assert {"x-request-id", "www-authenticate"} == described(document, "/api/v2/devices", 401)
    assert "retry-after" in described(document, "/api/v2/devices", 429)
