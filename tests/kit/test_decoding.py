"""From bytes to wire structs, with refusals that name the field."""

from __future__ import annotations

from typing import Annotated

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
    assert decode_query(b"name=&organizationId=org_1", Wanted) == Wanted("")
    assert parse_query(b"") == {}
    for query, field in ((b"limit=x", "limit"), (b"limit=0", "limit"), (b"nam=1", "nam"), (b"name=a&name=b", "name")):
        with pytest.raises(InvalidInput) as refused:
            decode_query(query, Wanted)
        assert field_of(refused) == field, query


@pytest.mark.parametrize(
    "query", [b"a=%ff", b"a=\xff", b"a=%00", b"%00=a", b"&".join(b"f%d=" % n for n in range(MAX_QUERY_FIELDS + 1))]
)
def test_what_is_no_query(query: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_query(query)
