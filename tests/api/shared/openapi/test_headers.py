"""The headers of answers: those that are sent are described, over a socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer

ALWAYS = {
    "referrer-policy",
    "x-content-type-options",
    "content-type",
    "content-length",
    "content-encoding",
    "date",
    "cache-control",
    "vary",
    "connection",
    "server",
    "transfer-encoding",
}


def described(document: dict[str, Any], path: str, status: int) -> set[str]:
    response = document["paths"][path]["get"]["responses"][str(status)]
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
        ("/health", "", 200),
    ],
)
def test_what_is_sent_is_described(api: httpx.Client, path: str, query: str, status: int) -> None:
    document = api.get("/openapi.json").json()
    answer = api.get(path.replace("{device_id}", "dev_0000000000007") + query)
    assert answer.status_code == status
    sent = {name.lower() for name in answer.headers} - ALWAYS
    limits = {name for name in sent if name.startswith("x-ratelimit")}
    assert sent - limits <= described(document, path, status)
    assert status != 200 or limits <= described(document, path, status)


def test_an_answer_without_a_credential_says_how_to_bring_one(server: RunningServer) -> None:
    document = httpx.get(f"{server.base_url}/openapi.json").json()
    answer = httpx.get(f"{server.base_url}/api/v2/devices")
    assert answer.status_code == 401
    assert {"x-request-id", "www-authenticate"} <= {*map(str.lower, answer.headers)}
    assert {"x-request-id", "www-authenticate"} == described(document, "/api/v2/devices", 401)
    assert "retry-after" in described(document, "/api/v2/devices", 429)
