"""From bytes to wire structs, with refusals that name the field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from penstock.kit.decoding import MAX_QUERY_FIELDS, decode_body, decode_query, parse_query
from penstock.kit.errors import InvalidInput


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str = ""
    limit: Annotated[int, Meta(ge=1, le=9)] = 5


def field_of(refused: pytest.ExceptionInfo[InvalidInput]) -> str:
    return refused.value.errors[0].field if refused.value.errors else ""


def test_bodies() -> None:
    assert decode_body(b'{"name": "a", "limit": 9}', Wanted) == Wanted("a", 9)
    for body, field in ((b'{"limit": "9"}', "limit"), (b'{"limit": 10}', "limit"), (b'{"nam": 1}', "nam"), (b"{", "")):
        with pytest.raises(InvalidInput) as refused:
            decode_body(body, Wanted)
        assert field_of(refused) == field, body


def test_queries() -> None:
    assert decode_query(b"name=a%20b&limit=9", Wanted) == Wanted("a b", 9)
    assert decode_query(b"organizationId=org_1", Wanted) == Wanted()
    assert parse_query(b"") == {}
    for query, field in (
        (b"limit=x", "limit"),
        (b"limit=0", "limit"),
        (b"nam=1", "nam"),
        (b"name=a&name=b", "name"),
        (b"name=", "name"),
    ):
        with pytest.raises(InvalidInput) as refused:
            decode_query(query, Wanted)
        assert field_of(refused) == field, query


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: Literal["active", "paused"] | None = None
    since: Annotated[int, Meta(ge=0)] | None = None
    text: str | None = None
    label: list[str] = []


class Lenient(msgspec.Struct, frozen=True):
    text: str | None = None
    since: int | None = None


def errors_of(query: bytes, expected: type[Any]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        decode_query(query, expected)
    return {error.field: error.detail for error in refused.value.errors}


def test_a_filter_without_a_value_is_no_filter_and_refused() -> None:
    assert errors_of(b"status=null&since=NULL&text=", Filter) == {
        "status": "must be one of active, paused",
        "since": "must be an integer of at least 0",
        "text": "must not be empty",
    }
    assert errors_of(b"status=&label=", Filter) == {"status": "must not be empty", "label": "must not be empty"}
    assert decode_query(b"text=null", Filter).text == "null", "any text is a text"


def test_all_fields_of_a_query_are_told() -> None:
    assert errors_of(b"status=off&since=-1&statsu=active", Filter) == {
        "status": "must be one of active, paused",
        "since": "must be at least 0",
        "statsu": "is not a known field",
    }
    assert errors_of(b"since=now", Filter) == {"since": "must be an integer of at least 0"}


def test_a_list_is_repeated() -> None:
    assert decode_query(b"label=a&label=b", Filter).label == ["a", "b"]
    assert errors_of(b"text=a&text=b", Filter) == {"text": "must not be repeated"}


def test_a_vendor_takes_an_empty_text_but_no_null() -> None:
    assert decode_query(b"text=&unknown=1", Lenient) == Lenient("")
    assert errors_of(b"since=null", Lenient) == {"since": "must be an integer"}


def test_all_fields_of_a_body_are_told() -> None:
    with pytest.raises(InvalidInput) as refused:
        decode_body(b'{"name": 1, "limit": 10, "nam": 1}', Wanted)
    assert refused.value.detail == "name: must be a string; 2 more fields are invalid"
    assert [error.field for error in refused.value.errors] == ["name", "limit", "nam"]


@pytest.mark.parametrize(
    "query", [b"a=%ff", b"a=\xff", b"a=%00", b"%00=a", b"&".join(b"f%d=" % n for n in range(MAX_QUERY_FIELDS + 1))]
)
def test_what_is_no_query(query: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_query(query)
