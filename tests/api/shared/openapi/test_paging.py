"""Lists say how they continue, in the words of generators."""

from __future__ import annotations

import msgspec

from penstock.api.shared.openapi.paging import pagination
from penstock.kit.operation import Operation, WireType

NOT_LISTS = {"GET /api/v2/logs/verify": "it continues a check, and its answer is a result"}


class Query(msgspec.Struct):
    cursor: str | None = None


class Other(msgspec.Struct):
    limit: int = 10


class Items(msgspec.Struct):
    data: list[int]
    next_cursor: str | None = None


class Bare(msgspec.Struct):
    next_cursor: str | None = None


def operation(query: type[msgspec.Struct] | None, answer: WireType | None) -> Operation:
    return Operation(method="GET", path="/n", surface="v2", tag="T", summary="S", query=query, answer=answer)


def test_a_page_says_where_its_cursor_is_and_goes() -> None:
    assert pagination(operation(Query, Items)) == {
        "x-speakeasy-pagination": {
            "type": "cursor",
            "inputs": [{"name": "cursor", "in": "parameters", "type": "cursor"}],
            "outputs": {"nextCursor": "$.next_cursor", "results": "$.data"},
        },
        "x-fern-pagination": {"cursor": "$request.cursor", "next_cursor": "$response.next_cursor", "results": "$response.data"},
    }


def test_what_is_no_page_says_nothing() -> None:
    for query, answer in ((None, Items), (Other, Items), (Query, None), (Query, Bare), (Query, list[int]), (Query, Query)):
        assert pagination(operation(query, answer)) == {}


def test_every_list_of_the_native_api_that_takes_a_cursor_is_described(operations: list[Operation]) -> None:
    taking = [
        one
        for one in operations
        if one.surface == "v2" and one.query is not None and "cursor" in one.query.__struct_fields__ and one.answer is not str
    ]
    silent = {f"{one.method} {one.path}" for one in taking if not pagination(one) and one.status == 200}
    assert len(taking) > 60
    assert silent == NOT_LISTS.keys()
