"""A call as a request of HTTP."""

from __future__ import annotations

from penstock.api.grpc.exchange import PASSED_ON, Exchange
from penstock.kit.http import credential, header
from penstock.kit.request_id import request_id_of

HEADERS = [(b"x-api-key", b"psk_1"), (b"x-organization-id", b"org_1")]


def exchange() -> Exchange:
    return Exchange(headers=list(HEADERS), client=("127.0.0.1", 5), trailers=[])


def test_a_request_says_who_calls_and_what() -> None:
    call = exchange()
    scope = call.scope(
        "POST", "/api/v2/devices/a%20b", query="x=1", params={"device_id": "a b"}, more=[(b"content-length", b"2")]
    )
    assert (scope["method"], scope["path"], scope["query_string"]) == ("POST", "/api/v2/devices/a b", b"x=1")
    assert scope["raw_path"] == b"/api/v2/devices/a%20b"
    assert (scope["path_params"], scope["client"]) == ({"device_id": "a b"}, ("127.0.0.1", 5))
    assert credential(scope) == b"psk_1"
    assert (header(scope, b"x-organization-id"), header(scope, b"content-length")) == (b"org_1", b"2")
    assert request_id_of(scope) == call.request_id
    assert call.headers == HEADERS  # what one request adds is not in the next


def test_each_call_has_an_id_of_its_own() -> None:
    assert exchange().request_id != exchange().request_id


def test_a_credential_is_not_shown() -> None:
    assert "psk_1" not in repr(exchange())


def test_only_what_says_something_to_the_api_is_passed_on() -> None:
    assert {b"x-api-key", b"authorization", b"x-organization-id", b"idempotency-key", b"if-match"} <= PASSED_ON
    assert not {b"content-length", b"content-type", b"transfer-encoding", b"te", b"grpc-timeout"} & PASSED_ON
