"""Writes the generated part of the TypeScript client: interfaces of schemas, and a class for each resource."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from clients.generator.document import Body, Document, Method, Parameter, Resource, Schema, options, reference

FOLDER = Path(__file__).resolve().parents[1] / "typescript" / "src" / "generated"
WIDTH = 120
NOTE = "// Generated from the OpenAPI document by `make clients`: change the generator, not this file.\n"
SOMETIMES_EMPTY = frozenset({"waitForNextMessage"})
"""Operations whose answer has no content (204) when there is nothing to return."""
SEPARATED = frozenset({"devices", "fields", "functions", "keys", "kinds"})
"""Query parameters that hold several values, separated by commas."""
_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_ANY_OBJECT = "Record<string, unknown>"
_DATE = "Date"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def files(document: Document) -> dict[str, str]:
    """The files of the folder `generated`, by their paths in it."""
    found = {"schemas.ts": _schemas(document), "resources.ts": _root(document)}
    return found | {f"resources/{_file(one)}.ts": _resource(one) for one in document.resources}


def write(document: Document, folder: Path = FOLDER) -> None:
    """Write the files, and delete those that are no longer generated."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files(document).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def camel(name: str) -> str:
    """`list_events` as `listEvents`."""
    first, *others = name.split("_")
    return first + "".join(map(_capital, others))


def type_of(schema: Schema, space: str = "") -> str:
    """A schema as a type. `space` is written before the names of components."""
    if "$ref" in schema:
        return f"{space}{reference(schema)}"
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return _union(json.dumps(one, ensure_ascii=False) for one in schema["enum"])
    if members := options(schema):
        return _union(type_of(one, space) for one in members)
    kinds = schema.get("type", [])
    return _union(_of_kind(kind, schema, space) for kind in ([kinds] if isinstance(kinds, str) else kinds)) or "unknown"


def _of_kind(kind: str, schema: Schema, space: str) -> str:
    if kind == "array":
        item = type_of(schema.get("items", {}), space)
        return f"({item})[]" if " | " in item else f"{item}[]"
    if kind != "object":
        return _SIMPLE[kind]
    if "properties" in schema:
        return f"{{ {' '.join(f'{_key(name, schema)}: {type_of(one, space)};' for name, one in schema['properties'].items())} }}"
    others = schema.get("additionalProperties", True)
    return f"Record<string, {type_of(others, space)}>" if isinstance(others, dict) else _ANY_OBJECT


def _union(types: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(types))


def _key(name: str, schema: Schema) -> str:
    written = name if _NAME.fullmatch(name) else json.dumps(name)
    return written if name in schema.get("required", ()) else f"{written}?"


def _schemas(document: Document) -> str:
    return NOTE + "".join(_schema(name, schema) for name, schema in document.schemas.items())


def _schema(name: str, schema: Schema) -> str:
    doc = _doc(schema.get("description", ""))
    if schema.get("type") != "object" or "properties" not in schema:
        return f"\n{doc}export type {name} = {type_of(schema)};\n"
    lines = [f"\n{doc}export interface {name} {{\n"]
    for field, shape in schema["properties"].items():
        lines.append(f"{_doc(shape.get('description', ''), '  ')}  {_key(field, schema)}: {type_of(shape)};\n")
    return "".join([*lines, "}\n"])


def _root(document: Document) -> str:
    imports = "".join(f'import {{ {_class(one)} }} from "./resources/{_file(one)}.js";\n' for one in document.resources)
    fields = "".join(f"{_doc(one.doc, '  ')}  readonly {camel(one.name)}: {_class(one)};\n" for one in document.resources)
    made = "".join(f"    this.{camel(one.name)} = new {_class(one)}(transport);\n" for one in document.resources)
    exports = "".join(f'export * from "./resources/{_file(one)}.js";\n' for one in document.resources)
    return (
        f'{NOTE}import type {{ Transport }} from "../transport.js";\n{imports}\n{exports}\n'
        f"/** The resources of the API. */\nexport class Resources {{\n{fields}\n"
        f"  constructor(transport: Transport) {{\n{made}  }}\n}}\n"
    )


def _resource(resource: Resource) -> str:
    methods = [one for one in resource.methods if not (one.stream or one.websocket)]
    body = "".join(map(_method, methods))
    queries = "".join(_query(one) for one in methods if one.of("query"))
    used = ", ".join(one for one in ("joined", "segment") if f"{one}(" in body)
    imports = [
        'import { Resource } from "../../resource.js";\n',
        'import type { RequestOptions } from "../../options.js";\n' if methods else "",
        'import type { Content } from "../../transport.js";\n' if "Content<" in body else "",
        f'import {{ {used} }} from "../../transport.js";\n' if used else "",
        'import type { Paged } from "../../pages.js";\n' if "Paged<" in body else "",
        'import type * as schemas from "../schemas.js";\n' if "schemas." in body + queries else "",
    ]
    doc = _doc(resource.doc)
    return f"{NOTE}{''.join(imports)}{queries}\n{doc}export class {_class(resource)} extends Resource {{{body}}}\n"


def _query(method: Method) -> str:
    place = f"{camel(method.resource)}.{camel(method.name)}"
    lines = [f"\n/** The query of `{place}`. */\nexport interface {_query_name(method)} {{\n"]
    for one in method.of("query"):
        needed = "" if one.required else "?"
        name = one.name if _NAME.fullmatch(one.name) else json.dumps(one.name)
        lines.append(f"{_doc(one.doc, '  ')}  {name}{needed}: {_query_type(one)};\n")
    return "".join([*lines, "}\n"])


def _is_separated(parameter: Parameter) -> bool:
    return parameter.name in SEPARATED and parameter.schema.get("type") == "string"


def _query_type(parameter: Parameter) -> str:
    if _is_separated(parameter):
        return "string | readonly string[]"
    found = type_of(parameter.schema, "schemas.")
    return f"{found} | {_DATE}" if '"date-time"' in json.dumps(parameter.schema) else found


def _method(method: Method) -> str:
    if method.paged and method.item is not None:
        item = type_of(method.item, "schemas.")
        page = type_of(method.answer.schema or {}, "schemas.")
        returned, call = f"Paged<{item}, {page}>", "this.transport.list"
    else:
        returned, call = f"Promise<{_answer(method)}>", "this.transport.call"
    doc = "\n\n".join(_explained(method))
    inside = ", ".join(_call(method))
    return f"\n{_doc(doc, '  ')}{_head(method, returned)}    return {call}({{ {inside} }}, options);\n  }}\n"


def _explained(method: Method) -> Iterator[str]:
    if not method.doc.startswith(method.summary):
        yield f"{method.summary}."
    if method.doc:
        yield method.doc
    if headers := method.of("header"):
        yield "In `options.headers`: " + " ".join(f"`{one.name}`: {one.doc}" for one in headers)


def _head(method: Method, returned: str) -> str:
    arguments = list(_arguments(method))
    short = f"  {camel(method.name)}({', '.join(arguments)}): {returned} {{\n"
    if len(short) <= WIDTH:
        return short
    return f"  {camel(method.name)}(\n{''.join(f'    {one},{chr(10)}' for one in arguments)}  ): {returned} {{\n"


def _arguments(method: Method) -> Iterator[str]:
    yield from (f"{_variable(one)}: {type_of(one.schema)}" for one in method.of("path"))
    if method.body is not None:
        yield f"body{'' if method.body.required else '?'}: {_body_type(method.body)}"
    if queries := method.of("query"):
        optional = not any(one.required for one in queries)
        yield f"query{'?' if optional and _last_is_optional(method) else ''}: {_query_name(method)}" + (
            "" if not optional or _last_is_optional(method) else " = {}"
        )
    yield "options?: RequestOptions"


def _last_is_optional(method: Method) -> bool:
    return method.body is not None and not method.body.required


def _body_type(body: Body) -> str:
    found = type_of(body.schema, "schemas.")
    others = _union(json.dumps(one) for one in body.media_types[1:])
    return f"{found} | Content<{others}>" if others else found


def _answer(method: Method) -> str:
    if method.answer.is_file:
        return "Response"
    if method.answer.schema is None:
        return "void"
    found = type_of(method.answer.schema, "schemas.")
    return f"{found} | undefined" if method.operation_id in SOMETIMES_EMPTY else found


def _call(method: Method) -> Iterator[str]:
    yield f'method: "{method.verb}"'
    path = re.sub(r"\{(\w+)\}", lambda found: f"${{segment({camel(found[1])})}}", method.path)
    yield f"path: `{path}`" if "${" in path else f'path: "{path}"'
    if separated := [json.dumps(one.name) for one in method.of("query") if _is_separated(one)]:
        yield f"query: joined(query, {', '.join(separated)})"
    elif method.of("query"):
        yield "query"
    if method.body is not None:
        yield "body"
    if method.idempotent:
        yield "idempotent: true"
    if method.answer.is_file:
        yield "raw: true"


def _query_name(method: Method) -> str:
    return f"{_words(method.resource)}{_words(method.name)}Query"


def _variable(parameter: Parameter) -> str:
    return camel(parameter.name)


def _class(resource: Resource) -> str:
    return f"{_words(resource.name)}Resource"


def _file(resource: Resource) -> str:
    return resource.name.replace("_", "-")


def _words(name: str) -> str:
    return "".join(map(_capital, name.split("_")))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _doc(text: str, indent: str = "") -> str:
    """A comment, wrapped; nothing for an empty text."""
    text = text.strip().replace("*/", "*\\/")
    if not text:
        return ""
    if "\n" not in text and len(indent) + len(text) + 7 <= WIDTH:
        return f"{indent}/** {text} */\n"
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        lines += ["", *textwrap.wrap(paragraph, WIDTH - len(indent) - 3, break_long_words=False, break_on_hyphens=False)]
    return f"{indent}/**\n" + "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines[1:]) + f"{indent} */\n"
