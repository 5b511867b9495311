"""What the document says of times and of words that come from a fixed set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from penstock.api.shared.openapi import openapi_document
from penstock.bootstrap.dialects import CHOICES, SURFACES
from penstock.kit.operation import Operation

Document = dict[str, Any]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
"""RFC 3339. A vendor's own form, without an offset, is another."""


@pytest.fixture(scope="module")
def document(operations: list[Operation]) -> Document:
    return openapi_document(operations, version="1.2.3", server="/", rules=SURFACES, choices=CHOICES)


def resolved(document: Document, schema: Document) -> list[Document]:
    """The schemas that a value may have."""
    if "$ref" in schema:
        return resolved(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    options = schema.get("anyOf") or schema.get("oneOf")
    return [one for option in options for one in resolved(document, option)] if options else [schema]


def texts(document: Document, schema: Document, value: Any, place: str) -> Iterator[tuple[str, list[Document], str]]:
    """Every string of an example, with the schemas that describe it. What is free to have any content is left out."""
    found = resolved(document, schema)
    if isinstance(value, str):
        yield place, found, value
    elif isinstance(value, list):
        inner = [one["items"] for one in found if "items" in one]
        for item in value if inner else ():
            yield from texts(document, {"anyOf": inner}, item, f"{place}[]")
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = [one["properties"][name] for one in found if name in one.get("properties", {})]
            if inner:
                yield from texts(document, {"anyOf": inner}, item, f"{place}.{name}")


def answers(document: Document) -> Iterator[tuple[str, list[Document], str]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    name = f"{method.upper()} {path} "
                    yield from texts(document, content["schema"], content.get("example"), name)


def test_every_time_in_an_answer_is_described_as_one(document: Document) -> None:
    found = [(place, schemas) for place, schemas, text in answers(document) if TIME.fullmatch(text)]
    assert len(found) > 150
    assert [place for place, schemas in found if not any(one.get("format") == "date-time" for one in schemas)] == []


def test_what_is_described_as_a_time_is_one(document: Document) -> None:
    times = [
        (place, text) for place, schemas, text in answers(document) if all(one.get("format") == "date-time" for one in schemas)
    ]
    assert [(place, text) for place, text in times if not TIME.fullmatch(text)] == []


CHOSEN = re.compile(r"\.(?:status|state|connectivity|severity|outcome|role|value_type|actor_kind|transport|verification)$")


def test_words_of_a_fixed_set_are_listed(document: Document) -> None:
    silent = {
        place
        for place, schemas, _ in answers(document)
        if " /api/v2/" in place and CHOSEN.search(place) and not any("enum" in one or "const" in one for one in schemas)
    }
    assert silent == set()
