"""The generated part of the TypeScript client."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from clients.generator import methods, typescript
from clients.generator.document import Document, load, read
from clients.generator.typescript import FOLDER, SOMETIMES_EMPTY, camel, files, type_of


@functools.cache
def loaded() -> dict[str, Any]:
    return load()


@pytest.fixture(scope="module")
def document() -> Document:
    return read(loaded())


def test_what_is_committed_is_what_the_document_generates(document: Document) -> None:
    kept = {str(path.relative_to(FOLDER)): path.read_text("utf-8") for path in FOLDER.rglob("*.ts")}
    made = files(document)
    assert [name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name)] == [], "run `make clients`"


def test_writing_removes_what_is_no_longer_generated(document: Document, tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "gone.ts").touch()
    typescript.write(document, tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.ts")} == files(document).keys()


def test_every_operation_has_its_method_under_the_name_that_all_clients_have(document: Document) -> None:
    made = files(document)
    written_by_hand = {"streams.readings", "streams.websocket"}
    missing = [
        line
        for line in methods.lines(document)
        for resource, _, name in [line.split(" ")[0].partition(".")]
        if f"\n  {camel(name)}(" not in made[f"resources/{resource.replace('_', '-')}.ts"]
    ]
    assert {line.split(" ")[0] for line in missing} == written_by_hand


def test_operations_that_return_nothing_now_and_then_say_so() -> None:
    answers = {
        one["operationId"]: {status for status in one["responses"] if status.startswith("2")}
        for path, item in loaded()["paths"].items()
        if path.startswith("/api/v2/")
        for one in item.values()
    }
    assert {name for name, statuses in answers.items() if "204" in statuses and len(statuses) > 1} == SOMETIMES_EMPTY


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({}, "unknown"),
        ({"type": "integer"}, "number"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "(string | null)[]"),
        ({"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Device"}}, "schemas.Device[] | null"),
        ({"enum": ["a", 'b"', None]}, '"a" | "b\\"" | null'),
        ({"const": "chart"}, '"chart"'),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}, {"type": "null"}]}, "number | null"),
        ({"oneOf": [{"type": "array", "items": {}}, {"type": "string"}]}, "unknown[] | string"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "Record<string, string>"),
        ({"type": "object", "additionalProperties": True}, "Record<string, unknown>"),
        ({"type": "object", "properties": {"a": {}, "$b": {}}, "required": ["a"]}, '{ a: unknown; "$b"?: unknown; }'),
    ],
)
def test_types(schema: dict[str, Any], written: str) -> None:
    assert type_of(schema, "schemas.") == written


def test_a_description_cannot_end_its_comment() -> None:
    assert typescript._doc("All */ of it") == "/** All *\\/ of it */\n"
