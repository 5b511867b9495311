"""The arguments of a tool: valid schemas, and where each argument goes."""

from __future__ import annotations

from typing import Annotated

import jsonschema
import msgspec
from msgspec import Meta

from penstock.api.mcp.schemas import BODY, MAX_ITEMS, PATH, QUERY, WHOLE_BODY, Place, arguments_of
from penstock.kit.operation import Example, Operation


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A part of a thing."""

    size: int
    parts: list[Part] = []


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    """A thing to make."""

    name: Annotated[str, Meta(max_length=9)]
    part: Part | None = None
    id: str = ""


class Other(msgspec.Struct, tag="other"):
    """Another thing."""

    value: int


class Query(msgspec.Struct, forbid_unknown_fields=True):
    """Filters."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 500
    id: str | None = None


def operation(**fields: object) -> Operation:
    own = {"method": "POST", "path": "/api/v2/things/{id}", "surface": "v2", "tag": "", "summary": "", "query": Query}
    return Operation(**own | fields, example=Example(path={"id": "x"}))  # type: ignore[arg-type]


def test_path_query_and_body_side_by_side() -> None:
    found = arguments_of(operation(body=Thing), {})
    assert found.places == {
        "id": Place(PATH, "id"),
        "limit": Place(QUERY, "limit"),
        "query_id": Place(QUERY, "id"),
        "name": Place(BODY, "name"),
        "part": Place(BODY, "part"),
        "body_id": Place(BODY, "id"),
    }
    assert found.schema["required"] == ["id", "name"]
    assert found.about == "A thing to make."
    assert (found.schema["properties"]["limit"]["maximum"], found.schema["properties"]["limit"]["default"]) == (MAX_ITEMS, 25)


def test_a_schema_stands_by_itself() -> None:
    schema = arguments_of(operation(body=Thing), {}).schema
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    assert judge.is_valid({"id": "x", "name": "n", "part": {"size": 1, "parts": [{"size": 2}]}})
    assert not judge.is_valid({"id": "x", "name": "n", "part": {"size": "1"}})
    assert not judge.is_valid({"id": "x", "name": "n", "more": 1})
    assert not judge.is_valid({"name": "n"})


def test_a_body_of_several_forms_is_one_argument() -> None:
    found = arguments_of(operation(body=Part | Other), {})
    assert found.places["body"] == Place(WHOLE_BODY, "body")
    assert found.schema["required"] == ["id", "body"]
    assert jsonschema.Draft202012Validator(found.schema).is_valid({"id": "x", "body": {"type": "other", "value": 1}})


def test_another_form_of_the_body() -> None:
    assert "size" in arguments_of(operation(body=Thing), {}, Part).places
