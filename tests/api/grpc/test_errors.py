"""The status of a call that fails."""

from __future__ import annotations

import grpc
import msgspec
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo

from penstock.api.grpc.errors import CODES, DOMAIN, failed, failed_in_http
from penstock.core.limits.errors import LimitExceeded
from penstock.kit.errors import REGISTRY, FieldError, InternalError, InvalidInput, Kind, Unavailable

FACTS = {
    "limit": "calls",
    "noun": "calls",
    "scope": "key",
    "count": 5,
    "window": "minute",
    "remaining": 0,
    "reset_s": 9,
    "retry_after_s": 9,
}


def test_each_kind_of_errors_has_its_code_and_no_two_the_same() -> None:
    assert CODES.keys() == set(Kind)
    assert len(set(CODES.values())) == len(CODES)
    assert grpc.StatusCode.OK not in CODES.values()
    # Those are for the library: a caller must be able to tell them from an answer of the server.
    assert not {grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN} & set(CODES.values())


def test_every_error_has_a_code() -> None:
    assert {error.kind for error in REGISTRY.values()} <= CODES.keys()


def test_an_error_tells_its_code_its_facts_and_the_request() -> None:
    found = failed(LimitExceeded(**FACTS), "req_1", [(b"x-ratelimit-limit", b"5")])
    assert found.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert found.message == "the limit of 5 calls per minute for this key is exceeded; retry in 9 s"
    info, request, wait = found.details
    assert info == ErrorInfo(
        reason="limits.exceeded", domain=DOMAIN, metadata={name: str(FACTS[name]) for name in LimitExceeded.shown}
    )
    assert request == RequestInfo(request_id="req_1")
    assert isinstance(wait, RetryInfo)
    assert wait.retry_delay.seconds == 9
    assert (b"retry-after", b"9") in found.trailers
    assert (b"x-ratelimit-limit", b"5") in found.trailers


def test_what_is_wrong_with_fields_has_their_names_in_the_message() -> None:
    error = InvalidInput(reason="two", errors=[FieldError("from", "is late"), FieldError("a.b", "is required", "missing")])
    found = failed(error, "req_1", [], lambda name: {"from": "from_time"}.get(name, name))
    (bad,) = [one for one in found.details if isinstance(one, BadRequest)]
    assert [(one.field, one.description, one.reason) for one in bad.field_violations] == [
        ("from_time", "is late", "invalid"),
        ("a.b", "is required", "missing"),
    ]


def test_the_status_carries_the_details_as_any() -> None:
    status = failed(InvalidInput.field("name", "is required"), "req_1", []).status
    assert (status.code, status.message) == (3, "name: is required")
    assert [one.type_url.rpartition("/")[2] for one in status.details] == [
        "google.rpc.ErrorInfo",
        "google.rpc.RequestInfo",
        "google.rpc.BadRequest",
    ]


def test_what_is_only_for_http_is_no_metadata() -> None:
    headers = [(b"www-authenticate", b"Bearer"), (b"allow", b"GET"), (b"content-type", b"text/plain"), (b"x-left", b"1")]
    assert failed(Unavailable(reason="later"), "req_1", headers).trailers[:1] == [(b"x-left", b"1")]


def test_a_problem_of_http_becomes_the_same_end() -> None:
    problem = {
        "type": "https://penstock.dev/errors/limits.exceeded",
        "code": "limits.exceeded",
        "detail": "the limit of 5 calls",
        "request_id": "req_2",
        **{name: FACTS[name] for name in LimitExceeded.shown},
    }
    found = failed_in_http(msgspec.json.decode(msgspec.json.encode(problem)), [(b"retry-after", b"9"), (b"content-length", b"2")])
    assert (found.code, found.message) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "the limit of 5 calls")
    assert found.details[0].metadata["count"] == "5"
    assert found.details[1] == RequestInfo(request_id="req_2")
    assert found.trailers == [(b"retry-after", b"9")]


def test_a_problem_that_nobody_knows_is_an_internal_error() -> None:
    found = failed_in_http({"code": "teapot.short"}, [])
    assert (found.code, found.details[0].reason) == (grpc.StatusCode.INTERNAL, InternalError.code)
