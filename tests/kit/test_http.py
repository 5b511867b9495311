"""The HTTP border: statuses, bodies within limits, credentials in three spellings, fields at fault by name."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from penstock.api.shared.decoding import body_id, path_id, split_list
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.decoding import decode_query, parse_query
from penstock.kit.errors import REGISTRY, InternalError, InvalidInput, Kind, PenstockError, Unavailable
from penstock.kit.http import (
    PROBLEM_TYPE,
    STATUS,
    BodyBudget,
    ClientGone,
    EncodingUnsupported,
    MediaTypeUnsupported,
    MethodNotAllowed,
    PreconditionFailed,
    RouteNotFound,
    TooManyBodies,
    check_json_type,
    credential,
    error_headers,
    has_body,
    problem,
    read_body,
    send_problem,
    status_of,
)
from penstock.kit.ids import Prefix, encode
from penstock.kit.inflate import BodyTooLarge
from penstock.kit.request_id import new_request_id


def scope(*headers: tuple[str, str], query: bytes = b"") -> dict[str, Any]:
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http", "headers": encoded, "query_string": query}


def test_every_kind_has_a_status() -> None:
    assert STATUS.keys() == set(Kind)
    assert STATUS == {
        Kind.INVALID: 400,
        Kind.UNAUTHENTICATED: 401,
        Kind.FORBIDDEN: 403,
        Kind.NOT_FOUND: 404,
        Kind.CONFLICT: 409,
        Kind.PRECONDITION: 422,
        Kind.EXHAUSTED: 429,
        Kind.UNSUPPORTED: 415,
        Kind.UNAVAILABLE: 503,
        Kind.INTERNAL: 500,
    }


def test_three_errors_have_a_status_of_their_own() -> None:
    assert status_of(BodyTooLarge(limit=1)) == 413
    assert status_of(PreconditionFailed(header="If-Match")) == 412
    assert status_of(MethodNotAllowed(method="PUT")) == 405
    own = {code for code, error in REGISTRY.items() if status_of(error(**dict.fromkeys(error._needs, 1))) != STATUS[error.kind]}
    assert own == {"request.body_too_large", "request.method_not_allowed", "request.precondition_failed"}


def test_headers_belong_to_statuses() -> None:
    class Unknown(PenstockError):
        kind = Kind.UNAUTHENTICATED

    assert error_headers(Unknown()) == [(b"www-authenticate", b'Bearer realm="penstock"')]
    assert error_headers(Unavailable(reason="x")) == [(b"retry-after", b"1")]
    assert error_headers(RouteNotFound()) == []


def test_a_problem_document() -> None:
    error = InvalidInput.field("name", "is required")
    assert problem(error, "req_1") == {
        "type": PROBLEM_TYPE + "request.invalid",
        "title": "Bad Request",
        "status": 400,
        "code": "request.invalid",
        "detail": "name: is required",
        "request_id": "req_1",
        "errors": [{"field": "name", "code": "invalid", "detail": "is required"}],
    }
    assert "errors" not in problem(InternalError(), "req_1")


async def test_a_problem_carries_its_request_id_as_a_header_too() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await send_problem(send, RouteNotFound(), "req_7")
    start, body = sent
    assert start["status"] == 404
    headers = dict(start["headers"])
    assert headers[b"x-request-id"] == b"req_7"
    assert headers[b"content-type"] == b"application/problem+json"
    assert int(headers[b"content-length"]) == len(body["body"])


def test_request_ids_are_all_different() -> None:
    assert len({new_request_id() for _ in range(1_000)}) == 1_000


# Credentials


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ([], None),
        ([("x-api-key", "k")], b"k"),
        ([("x-api-key", "  k\t")], b"k"),
        ([("x-api-key", "")], b""),
        ([("authorization", "Bearer k")], b"k"),
        ([("authorization", "bearer k")], b"k"),
        ([("authorization", "BEARER   k ")], b"k"),
        ([("authentication", "bearer k")], b"k"),
        ([("authentication", "Bearer k")], b"k"),
        ([("authorization", "Basic k")], None),
        ([("authorization", "Bearer")], None),
        ([("authorization", "Bearerk")], None),
        ([("authorization", "k")], None),
        ([("authorization", "")], None),
        ([("authorization", "Bearer k"), ("x-api-key", "other")], b"other"),
        ([("authentication", "Bearer a"), ("authorization", "Bearer k")], b"k"),
        ([("authorization", "Bearer k"), ("authentication", "Bearer a")], b"k"),
        ([("authorization", "Bearer \xff\xfe")], b"\xff\xfe"),
    ],
)
def test_a_credential_has_three_spellings(headers: list[tuple[str, str]], wanted: bytes | None) -> None:
    assert credential(scope(*headers)) == wanted


# Bodies


def receiver(parts: Iterable[bytes | None]) -> Any:
    """ASGI's `receive` for a body in these parts; None is a client that goes away."""
    pending = list(parts)

    async def receive() -> dict[str, Any]:
        part = pending.pop(0)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(pending)}

    return receive


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=10))
async def test_a_body_comes_together_and_the_budget_comes_back(parts: list[bytes]) -> None:
    budget = BodyBudget(1_000)
    assert await read_body(scope(), receiver(parts), 1_000, budget) == b"".join(parts)
    budget.acquire(1_000)


@pytest.mark.parametrize("parts", [[b"x" * 11], [b"x" * 6, b"x" * 5], [b"x"] * 11])
async def test_a_body_above_the_limit_is_refused(parts: list[bytes]) -> None:
    budget = BodyBudget(100)
    with pytest.raises(BodyTooLarge):
        await read_body(scope(), receiver(parts), 10, budget)
    budget.acquire(100)


async def test_a_body_said_to_be_too_long_is_not_read() -> None:
    with pytest.raises(BodyTooLarge):
        await read_body(scope(("content-length", "11")), receiver([]), 10)


@pytest.mark.parametrize("coding", ["deflate", "br", "zstd", "identity, gzip", "gzip, gzip", "x"])
async def test_another_coding_is_refused_by_its_name(coding: str) -> None:
    with pytest.raises(EncodingUnsupported, match=f"not {coding}"):
        await read_body(scope(("content-encoding", coding)), receiver([b"{}"]), 10)


async def test_two_codings_are_refused() -> None:
    with pytest.raises(EncodingUnsupported):
        await read_body(scope(("content-encoding", "gzip"), ("content-encoding", "gzip")), receiver([b""]), 10)


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", " gzip "])
@given(st.data())
async def test_a_gzip_body_is_read_however_it_is_cut(coding: str, data: st.DataObject) -> None:
    content = data.draw(st.binary(max_size=1_000))
    body, budget = gzip.compress(content), BodyBudget(10_000)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=5)))
    parts = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert await read_body(scope(("content-encoding", coding)), receiver(parts), 1_100, budget) == content
    budget.acquire(10_000)


@pytest.mark.parametrize("size", [1_001, 50_000_000])
async def test_the_limit_is_that_of_the_content(size: int) -> None:
    budget = BodyBudget(10_000)
    with pytest.raises(BodyTooLarge):
        await read_body(scope(("content-encoding", "gzip")), receiver([gzip.compress(bytes(size))]), 1_000, budget)
    budget.acquire(10_000)


def test_a_request_says_whether_it_has_a_body() -> None:
    for headers, expected in (
        ([], False),
        ([("content-length", "0")], False),
        ([("content-length", "2")], True),
        ([("transfer-encoding", "chunked")], True),
        ([("content-type", "application/json")], False),
    ):
        assert has_body(scope(*headers)) is expected, headers


@pytest.mark.parametrize("coding", ["identity", "IDENTITY", "", " "])
async def test_a_body_as_it_is_may_say_so(coding: str) -> None:
    assert await read_body(scope(("content-encoding", coding)), receiver([b"{}"]), 10) == b"{}"


@pytest.mark.parametrize("parts", [[None], [b"a", None], [b"", None]])
async def test_a_client_that_goes_away_gets_no_answer(parts: list[bytes | None]) -> None:
    budget = BodyBudget(10)
    with pytest.raises(ClientGone):
        await read_body(scope(), receiver(parts), 10, budget)
    budget.acquire(10)


async def test_bodies_share_a_budget() -> None:
    budget = BodyBudget(10)
    budget.acquire(8)
    with pytest.raises(TooManyBodies):
        await read_body(scope(), receiver([b"abc", b"d"]), 100, budget)
    budget.release(8)
    assert await read_body(scope(), receiver([b"abc", b"d"]), 100, budget) == b"abcd"
    budget.acquire(10)


JSON_NAMES = ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8", " application/json "]
JSON_NAMES += ["application/x-www-form-urlencoded", "application/vnd.api+json", "application/ld+json;x=y"]


@pytest.mark.parametrize("value", JSON_NAMES)
def test_json_has_many_names(value: str) -> None:
    assert check_json_type(scope(("content-type", value))) == b"application/json"


def test_no_type_counts_as_json() -> None:
    assert check_json_type(scope()) == b"application/json"
    assert check_json_type(scope(("content-type", ""))) == b"application/json"


@pytest.mark.parametrize(
    "value", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "json", "\xff", "application/"]
)
def test_other_types_are_refused(value: str) -> None:
    with pytest.raises(MediaTypeUnsupported, match="application/json or application/x-ndjson"):
        check_json_type(scope(("content-type", value)), b"application/x-ndjson")


def test_another_type_is_taken_where_it_is_named() -> None:
    assert check_json_type(scope(("content-type", "application/x-ndjson")), b"application/x-ndjson") == b"application/x-ndjson"


# Queries


class Query(msgspec.Struct, forbid_unknown_fields=True):
    field: str
    limit: Annotated[int, Meta(ge=1, le=10)] = 5


def test_a_query_is_decoded() -> None:
    found = decode_query(b"field=a%20b&limit=7&organizationId=org_1", Query)
    assert (found.field, found.limit) == ("a b", 7)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (b"", "field"),
        (b"limit=1", "field"),
        (b"field=a&limit=11", "limit"),
        (b"field=a&limit=x", "limit"),
        (b"field=a&b=1", "b"),
        (b"limit=1&field=a&field=b", "field"),
    ],
)
def test_a_query_at_fault_names_the_field(query: bytes, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        decode_query(query, Query)
    assert refused.value.errors[0].field == field


@pytest.mark.parametrize(
    "query", [b"a=%00", b"%00=a", b"a=%ff", b"a=\xff", b"a=%ed%a0%80", b"&".join(b"a%d=1" % n for n in range(65))]
)
def test_a_query_that_is_no_text_is_refused(query: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_query(query)


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=10), max_size=5), st.binary(max_size=50))
def test_any_query_is_read_or_refused(fields: dict[str, str], noise: bytes) -> None:
    for query in (noise, b"&".join(f"{key}={value}".encode("utf-8", "surrogatepass") for key, value in fields.items())):
        try:
            found = parse_query(query)
        except InvalidInput:
            continue
        assert all(text.encode() or not text for pair in found.items() for text in pair)


def test_ids_in_paths_and_bodies() -> None:
    text = encode(Prefix.DEVICE, 77)
    assert path_id(Prefix.DEVICE, text) == body_id(Prefix.DEVICE, text, "device_id") == 77
    with pytest.raises(DeviceNotFound, match="device nonsense was not found"):
        path_id(Prefix.DEVICE, "nonsense")
    with pytest.raises(ProjectNotFound, match=f"project {text} was not found"):
        path_id(Prefix.PROJECT, text)
    with pytest.raises(InvalidInput, match="device_id: must be an id such as dev_0c2k9fq7w3m1x; nonsense is not one"):
        body_id(Prefix.DEVICE, "nonsense", "device_id")


def test_lists_in_queries() -> None:
    assert split_list(None, "fields", 3) == split_list("", "fields", 3) == ()
    assert split_list("a, b,a", "fields", 3) == ("a", "b")
    for text in ("a,,b", ",", "a,b,c,d", " "):
        with pytest.raises(InvalidInput, match="fields"):
            split_list(text, "fields", 3)
