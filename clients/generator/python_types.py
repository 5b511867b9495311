"""Schemas as Python's types: as text of annotations, and the module of `TypedDict`s."""

from __future__ import annotations

import json
import keyword
import re
import textwrap
from collections.abc import Iterable

from clients.generator.document import Document, Schema, options, reference

WIDTH = 120
HEAD = "# Written by `make clients` from the OpenAPI document. Changes are lost.\n"
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def annotation(schema: Schema, *, place: str = "", given: bool = False, array: str = "list") -> str:
    """The type of a value. `place` is put before names of schemas (`schemas.`); `given`: the caller writes it, as `datetime` too.

    `array` is the type of lists, `Sequence` for what is only read.
    """
    found = _alternatives(schema, place, given, array)
    unique = list(dict.fromkeys(found))
    if "Any" in unique:
        return "Any"
    ordered = sorted(unique, key=lambda one: one == "None")
    return " | ".join(ordered)


def _alternatives(schema: Schema, place: str, given: bool, array: str) -> list[str]:
    if "$ref" in schema:
        return [place + type_name(reference(schema))]
    if members := options(schema):
        return [one for member in members for one in _alternatives(member, place, given, array)]
    if "const" in schema:
        return [f"Literal[{_literal(schema['const'])}]"]
    if "enum" in schema:
        values = [value for value in schema["enum"] if value is not None]
        null = ["None"] if None in schema["enum"] or "null" in schema.get("type", ()) else []
        return [f"Literal[{', '.join(map(_literal, values))}]", *null]
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [one for kind in kinds for one in _of_kind(kind, schema, place, given, array)] or ["Any"]


def _of_kind(kind: str, schema: Schema, place: str, given: bool, array: str) -> list[str]:
    if kind == "array":
        return [f"{array}[{annotation(schema.get('items', {}), place=place, given=given, array=array)}]"]
    if kind == "object":
        more = schema.get("additionalProperties")
        values = annotation(more, place=place, given=given, array=array) if isinstance(more, dict) else "Any"
        return [f"{'Mapping' if array == 'Sequence' else 'dict'}[str, {values}]"]
    if kind == "string" and schema.get("format") == "date-time" and given:
        return ["str", "datetime"]
    return [_SCALARS[kind]]


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def type_name(name: str) -> str:
    """The class of a schema."""
    return re.sub(r"[\W_]+(\w)", lambda found: found[1].upper(), name)


def comment(text: str, indent: str) -> str:
    """A description as a docstring, its lines at most `WIDTH` long."""
    text = text.replace("\\", "\\\\").replace('"""', "'''").strip()
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    filled = [textwrap.fill(part, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False) for part in paragraphs]
    body = "\n\n".join(filled)
    last = f"\n{indent}" if "\n" in body else (" " if body.endswith('"') else "")
    return textwrap.indent(f'"""{body}{last}"""', indent, lambda line: bool(line.strip())).rstrip()


def first_sentence_apart(text: str) -> str:
    """A text whose first sentence is a paragraph of its own, as docstrings have it."""
    head, *rest = text.strip().split("\n\n", 1)
    head = " ".join(head.split())
    match = re.match(r"(.+?[.!?])(?:\s+(?=[A-Z`])|$)", head)
    first = match[1] if match else head
    more = head[len(first) :].strip()
    return "\n\n".join(part for part in (first, more, *rest) if part)


def types_module(document: Document) -> str:
    """The module with a `TypedDict` for each schema."""
    written = _only_given(document)
    names = [type_name(name) for name in document.schemas]
    assert len(set(names)) == len(names), "two schemas have one name"
    classes = [_class(type_name(name), schema, name in written) for name, schema in document.schemas.items()]
    listing = "".join(f"    {json.dumps(name)},\n" for name in names)
    head = [
        '"""The schemas of the native API: bodies and answers."""',
        HEAD,
        "from __future__ import annotations\n",
        "import sys",
        "from datetime import datetime",
        "from typing import Any, Literal, TypedDict, Union\n",
        "if sys.version_info >= (3, 11):",
        "    from typing import NotRequired",
        "else:",
        "    from typing_extensions import NotRequired, TypedDict\n",
        f"__all__ = [\n{listing}]\n",
    ]
    return "\n".join([*head, *classes])


def _class(name: str, schema: Schema, given: bool) -> str:
    if "properties" not in schema:
        return (
            f'{name} = Union["{annotation(schema, given=given)}"]\n\n'
            if schema.get("type") != "object"
            else (f"{name} = dict[str, Any]\n\n")
        )
    needed = schema.get("required", ())
    fields = {key: _field(value, key in needed, given) for key, value in schema["properties"].items()}
    doc = first_sentence_apart(schema.get("description", "") or f"{name}.")
    if any(not key.isidentifier() or keyword.iskeyword(key) for key in fields):
        rows = "".join(f"    {json.dumps(key)}: {json.dumps(kind, ensure_ascii=False)},\n" for key, kind in fields.items())
        return f'{name} = TypedDict("{name}", {{\n{rows}}})\n{comment(doc, "")}\n\n'
    rows = "".join(f"    {key}: {kind}\n" for key, kind in fields.items())
    return f"class {name}(TypedDict):\n{comment(doc, '    ')}\n\n{rows}\n"


def _field(schema: Schema, required: bool, given: bool) -> str:
    kind = annotation(schema, given=given)
    return kind if required else f"NotRequired[{kind}]"


def _only_given(document: Document) -> set[str]:
    """The schemas that bodies have and no answer has."""
    answers = _reached((one.answer.schema for one in document.methods if one.answer.schema), document)
    return _reached((one.body.schema for one in document.methods if one.body), document) - answers


def _reached(starts: Iterable[Schema], document: Document) -> set[str]:
    found: set[str] = set()
    waiting: list[object] = list(starts)
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if "$ref" in one and reference(one) not in found:
                found.add(reference(one))
                waiting.append(document.schemas[reference(one)])
            waiting += one.values()
    return found
