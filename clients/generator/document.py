"""A simple model of the native API, read from the OpenAPI document: resources with methods, which both client libraries have.

    model = read(load())
    for resource in model.resources:        # `devices`, `telemetry`, ...
        for method in resource.methods:     # `list`, `get`, `create`, ...: snake_case, without the noun where that is unambiguous

Schemas stay JSON schemas, as each language writes types in its own way; `model.schemas` holds those that operations of the native
API refer to, in alphabetical order.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.generator.naming import method_name, resource_name

Schema = dict[str, Any]
PREFIX = "/api/v2/"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
_VERBS = ("get", "post", "put", "patch", "delete")
_OF_THE_CLIENT = {"X-Organization-Id", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID"}
"""Headers that the client sends by itself or by an option of every call."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation. `name` is that on the wire; `where` is `path`, `query` or `header`."""

    name: str
    where: str
    required: bool
    schema: Schema
    doc: str


@dataclass(frozen=True)
class Field:
    """A field of a body that is an object. `nullable`: null can be sent, which is not the same as leaving the field out."""

    name: str
    required: bool
    nullable: bool
    schema: Schema
    doc: str


@dataclass(frozen=True)
class Body:
    """The body of a request. `fields` is None if it is not one object with known fields: a list, a union, a free object.

    `media_types` are all that are accepted, JSON first; `schema` is of the JSON.
    """

    required: bool
    media_types: tuple[str, ...]
    schema: Schema
    fields: tuple[Field, ...] | None


@dataclass(frozen=True)
class Answer:
    """A success. `schema` is None without content, and for files: then `media_types` says which (the first is the default)."""

    media_types: tuple[str, ...]
    schema: Schema | None

    @property
    def is_file(self) -> bool:
        """Whether the answer is bytes of one of the media types."""
        return self.schema is None and bool(self.media_types)


@dataclass(frozen=True)
class Method:
    """An operation as a method of a resource.

    `item` is the schema of one row if the answer is a list (`data` and `next_cursor`), and `paged` whether there can be a second
    page (a parameter `cursor`).
    `idempotent`: a repetition with the same `Idempotency-Key` is done once. `conditional`: `If-Match`
    is accepted. `tagged`: the answer has an `ETag`. `stream`: Server-Sent Events; `websocket`: a WebSocket.
    `parameters` are without the headers that a client sends by itself.
    """

    operation_id: str
    resource: str
    name: str
    verb: str
    path: str
    summary: str
    doc: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    answer: Answer
    item: Schema | None
    paged: bool
    idempotent: bool
    conditional: bool
    tagged: bool
    stream: bool
    websocket: bool
    public: bool

    def of(self, where: str) -> tuple[Parameter, ...]:
        """The parameters in the path, the query or the headers."""
        return tuple(one for one in self.parameters if one.where == where)


@dataclass(frozen=True)
class Resource:
    """The methods of one noun."""

    name: str
    doc: str
    methods: tuple[Method, ...]


@dataclass(frozen=True)
class Document:
    """The native API. `schemas` by name, as in the document's components."""

    version: str
    resources: tuple[Resource, ...]
    schemas: dict[str, Schema]

    @property
    def methods(self) -> Iterator[Method]:
        """Every method of every resource."""
        return (method for resource in self.resources for method in resource.methods)


def load() -> dict[str, Any]:
    """The OpenAPI document of a server with the settings that it comes with, made in this process without a socket."""
    from penstock.adapters.storage.data_dir import DataDir
    from penstock.bootstrap import open_server
    from penstock.bootstrap.http import _openapi
    from penstock.settings import load_settings

    async def made() -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            async with open_server(DataDir(Path(folder) / "data"), load_settings(environment={})) as server:
                return _openapi(list(server.operations))

    return asyncio.run(made())


def read(document: dict[str, Any]) -> Document:
    """The model of a document."""
    schemas = document["components"]["schemas"]
    tags = {tag["name"]: tag.get("description", "") for tag in document["tags"]}
    grouped: dict[str, list[Method]] = {}
    docs: dict[str, str] = {}
    for path, verb, operation in _operations(document):
        method = _method(path, verb, operation, schemas)
        grouped.setdefault(method.resource, []).append(method)
        docs.setdefault(method.resource, tags[operation["tags"][0]])
    resources = tuple(
        Resource(name, docs[name], tuple(sorted(methods, key=lambda one: one.name))) for name, methods in sorted(grouped.items())
    )
    used = _used(resources, schemas)
    return Document(document["info"]["version"], resources, {name: schemas[name] for name in sorted(used)})


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        if path.startswith(PREFIX):
            yield from ((path, verb.upper(), item[verb]) for verb in _VERBS if verb in item)


def _method(path: str, verb: str, operation: dict[str, Any], schemas: dict[str, Schema]) -> Method:
    resource = resource_name(path, operation["tags"][0])
    sent = {one["name"] for one in operation.get("parameters", ())}
    answer, tagged = _answer(operation)
    shape = resolved(answer.schema or {}, schemas).get("properties", {})
    return Method(
        operation_id=operation["operationId"],
        resource=resource,
        name=method_name(operation["operationId"], resource),
        verb=verb,
        path=path,
        summary=operation["summary"],
        doc=operation.get("description", ""),
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ()) if one["name"] not in _OF_THE_CLIENT),
        body=_body(operation["requestBody"], schemas) if "requestBody" in operation else None,
        answer=answer,
        item=shape["data"]["items"] if {"data", "next_cursor"} <= shape.keys() else None,
        paged="cursor" in sent and "next_cursor" in shape,
        idempotent="Idempotency-Key" in sent,
        conditional="If-Match" in sent,
        tagged=tagged,
        stream=answer.media_types == (EVENT_STREAM,),
        websocket="101" in operation["responses"],
        public=operation.get("security") == [],
    )


def _parameter(found: dict[str, Any]) -> Parameter:
    return Parameter(found["name"], found["in"], bool(found.get("required")), found["schema"], found.get("description", ""))


def _body(found: dict[str, Any], schemas: dict[str, Schema]) -> Body:
    content = found["content"]
    media_types = tuple(sorted(content, key=lambda name: name != JSON))
    schema = content[media_types[0]]["schema"]
    shape = resolved(schema, schemas)
    fields = _fields(shape) if "properties" in shape else None
    return Body(bool(found.get("required")), media_types, schema, fields)


def _fields(shape: Schema) -> tuple[Field, ...]:
    needed = shape.get("required", ())
    return tuple(
        Field(name, name in needed, is_nullable(schema), schema, schema.get("description", ""))
        for name, schema in shape["properties"].items()
    )


def _answer(operation: dict[str, Any]) -> tuple[Answer, bool]:
    """The answer of the first success that has content, and whether it has an `ETag`."""
    done = [one for status, one in operation["responses"].items() if status.startswith(("1", "2"))]
    first = next((one for one in done if one.get("content")), done[0])
    content = first.get("content", {})
    media_types = tuple(content)
    schema = content[JSON]["schema"] if media_types[:1] == (JSON,) else None
    return Answer(media_types, schema), "ETag" in first.get("headers", {})


def resolved(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    """The schema that a reference names; another one as it is."""
    return schemas[reference(schema)] if "$ref" in schema else schema


def reference(schema: Schema) -> str:
    """The name of the component that a reference names."""
    return str(schema["$ref"]).rpartition("/")[2]


def options(schema: Schema) -> list[Schema]:
    """The members of a union; none if it is not one."""
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def is_nullable(schema: Schema) -> bool:
    """Whether null is one of the values."""
    kind = schema.get("type")
    return kind == "null" or (isinstance(kind, list) and "null" in kind) or any(is_nullable(one) for one in options(schema))


def _used(resources: Iterable[Resource], schemas: dict[str, Schema]) -> set[str]:
    """The components that the resources refer to, also through others."""
    found: set[str] = set()
    waiting: list[Any] = []
    for method in (method for resource in resources for method in resource.methods):
        waiting += [one.schema for one in method.parameters]
        waiting += [method.body.schema] if method.body else []
        waiting += [method.answer.schema] if method.answer.schema else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if isinstance(one.get("$ref"), str) and reference(one) not in found:
                found.add(reference(one))
                waiting.append(schemas[reference(one)])
            waiting += one.values()
    return found
