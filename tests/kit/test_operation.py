"""Operations as data: their names, their examples, and where they are found."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.kit.operation import Example, Operation, OperationMisdescribed, asgi_operation, check_example, operations_of


class Body(msgspec.Struct, forbid_unknown_fields=True):
    name: str


class Query(msgspec.Struct, forbid_unknown_fields=True):
    limit: int = 5


class Other(msgspec.Struct, forbid_unknown_fields=True):
    id: int


def operation(path: str = "/api/v2/devices/{device_id}", example: Example | None = None, **about: Any) -> Operation:
    facts: dict[str, Any] = {"method": "POST", "surface": "v2", "tag": "Devices", "summary": "Change"}
    return Operation(path=path, example=example or Example(), **facts | about)


def test_a_name_is_made_of_method_and_path() -> None:
    names = [operation(path).id for path in ("/api/v2/devices", "/files/{name:path}", "/jwks-keys.json")]
    assert names == ["post_api_v2_devices", "post_files_name", "post_jwks_keys_json"]


@pytest.mark.parametrize(
    ("about", "example"),
    [
        ({}, Example(path={"device_id": "dev_1"})),
        ({"body": Body}, Example(path={"device_id": "d"}, body=Body("x"))),
        ({"query": Query}, Example(path={"device_id": "d"}, query={"limit": "7"})),
        ({"answer": Body | Other}, Example(path={"device_id": "d"}, answer=Other(1))),
        ({"answer": list[Body]}, Example(path={"device_id": "d"}, answer=[{"name": "x"}])),
    ],
)
def test_an_example_that_fits(about: dict[str, Any], example: Example) -> None:
    check_example(operation(example=example, **about))


@pytest.mark.parametrize(
    ("about", "example", "told"),
    [
        ({}, Example(), "parameters"),
        ({}, Example(path={"device_id": "d", "x": "y"}), "parameters"),
        ({}, Example(path={"device_id": "d"}, body={"name": "x"}), "has a body"),
        ({"body": Body}, Example(path={"device_id": "d"}, body={"nam": "x"}), "body does not match"),
        ({"body": Body}, Example(path={"device_id": "d"}, body={"name": 7}), "body does not match"),
        ({"query": Query}, Example(path={"device_id": "d"}, query={"limit": "many"}), "query does not match"),
        ({"answer": Body | Other}, Example(path={"device_id": "d"}, answer={"id": "x"}), "answer does not match"),
    ],
)
def test_an_example_that_does_not_fit(about: dict[str, Any], example: Example, told: str) -> None:
    with pytest.raises(OperationMisdescribed, match=told):
        check_example(operation(example=example, **about))


def test_operations_of_an_endpoint_in_the_order_they_are_written() -> None:
    class Endpoint:
        @asgi_operation("GET", "/b", surface="v2", tag="T", scope=None)
        async def second(self) -> None:
            """Do this second."""

        async def plain(self) -> None: ...

        @asgi_operation("GET", "/a", surface="v2", tag="T", scope="x")
        async def first(self) -> None:
            """Do this first.

            It takes
            two lines.
            """

    endpoint = Endpoint()
    found = operations_of(endpoint)
    assert [(one.operation.path, one.operation.scope) for one in found] == [("/b", None), ("/a", "x")]
    assert [one.handle for one in found] == [endpoint.second, endpoint.first]
    words = [(one.operation.summary, one.operation.description) for one in found]
    assert words == [("Do this second", ""), ("Do this first", "It takes two lines.")]


def test_an_application_without_a_sentence_is_refused() -> None:
    with pytest.raises(OperationMisdescribed, match="docstring that starts with a sentence"):

        @asgi_operation("GET", "/a", surface="v2", tag="T", scope=None)
        async def silent() -> None: ...
