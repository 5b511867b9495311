"""Writes `clients/python/penstock_client/_generated`: the types, a module for each resource, and the list of resources."""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from clients.generator.document import Document, Method, Resource, Schema
from clients.generator.python_types import HEAD, annotation, comment, first_sentence_apart, types_module

PACKAGE = Path(__file__).parents[1] / "python" / "penstock_client"
FOLDER = PACKAGE / "_generated"
BY_HAND = {"streams": ("streams", "StreamMethods"), "telemetry": ("telemetry", "TelemetryMethods")}
"""Resources with methods that are written by hand: the module, and its class, with `Async` before it for the other client."""
PLACE = "schemas."
LEFT_OUT = {
    "streamReadings": "`streams.readings` resumes by itself, and is written by hand",
    "streamReadingsOverWebSocket": "streams come over Server-Sent Events, which carry the same and need no other library",
}
"""Operations without a generated method, and why."""
RENAMED = {("compareVersionsOfRule", "query", "version_id"): "other_version_id"}
"""Arguments that would have the name of another one."""
SEPARATED = {"functions", "fields", "devices", "kinds", "keys"}
"""Query parameters that take several values, separated by commas."""


def files(document: Document) -> dict[str, str]:
    """The generated modules by name, formatted."""
    raw = {f"{one.name}.py": _module(one) for one in document.resources}
    raw |= {"__init__.py": '"""What `make clients` writes."""\n', "schemas.py": types_module(document)}
    raw |= {"resources.py": _resources(document)}
    return _formatted(raw)


def write(document: Document) -> None:
    """Write the modules, and remove those of resources that are no longer there."""
    made = files(document)
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.py"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf-8")


def class_name(resource: str) -> str:
    """`chat_channels` is `ChatChannels`."""
    return "".join(part.capitalize() for part in resource.split("_"))


def python_name(name: str) -> str:
    """A name that is no word of the language: `from` is `from_`."""
    name = re.sub(r"\W", "_", name)
    return f"{name}_" if keyword.iskeyword(name) else name


@dataclass(frozen=True)
class Argument:
    """A parameter of a method: where it goes, how it is written, and what its default is (None if it must be given)."""

    name: str
    wire: str
    kind: str
    default: str | None
    doc: str
    where: str


def _arguments(method: Method) -> list[Argument]:
    found = [Argument(python_name(one.name), one.name, "str", None, one.doc, "path") for one in method.of("path")]
    found += [_in_query(one.name, one.schema, one.required, one.doc) for one in method.of("query")]
    found += [_in_header(one.name, one.required, one.doc) for one in method.of("header")]
    if method.body and method.body.fields is None:
        kind = annotation(method.body.schema, place=PLACE, given=True, array="Sequence")
        default = None if method.body.required else "UNSET"
        found.append(Argument("body", "", kind if default is None else _or_unset(kind), default, "The body.", "body"))
    elif method.body and method.body.fields:
        for one in method.body.fields:
            kind = annotation(one.schema, place=PLACE, given=True, array="Sequence")
            default = None if one.required else "UNSET"
            kind = _or_unset(kind) if default else kind
            found.append(Argument(python_name(one.name), one.name, kind, default, one.doc, "field"))
    found = [replace(one, name=RENAMED.get((method.operation_id, one.where, one.wire), one.name)) for one in found]
    names = [one.name for one in found]
    assert len(set(names)) == len(names), f"{method.operation_id}: two arguments have one name in {names}"
    return found


def _or_unset(kind: str) -> str:
    if kind == "Any":
        return kind
    return f"{kind.removesuffix(' | None')} | Unset | None" if kind.endswith(" | None") else f"{kind} | Unset"


def _in_query(name: str, schema: Schema, required: bool, doc: str) -> Argument:
    kind = annotation(schema, place=PLACE, given=True, array="Sequence")
    if name in SEPARATED and kind == "str":
        kind = "str | Sequence[str]"
    return Argument(python_name(name), name, kind if required else f"{kind} | None", None if required else "None", doc, "query")


def _in_header(name: str, required: bool, doc: str) -> Argument:
    plain = name.lower().removeprefix("x-").replace("-", "_")
    return Argument(plain, name, "str" if required else "str | None", None if required else "None", doc, "header")


def _options(method: Method) -> list[Argument]:
    found = []
    if method.conditional:
        doc = "The version that is changed (`etag_of`); if it is no longer the current one, `PreconditionFailed` is raised."
        found.append(Argument("if_match", "", "str | None", "None", doc, "option"))
    if method.idempotent:
        doc = "Names this call, so that a repetition is done once; by default a new one for each call."
        found.append(Argument("idempotency_key", "", "str | None", "None", doc, "option"))
    doc = "Seconds, instead of the client's timeout."
    return [*found, Argument("request_timeout", "", "float | None", "None", doc, "option")]


def _module(resource: Resource) -> str:
    methods = [one for one in resource.methods if one.operation_id not in LEFT_OUT]
    name = class_name(resource.name)
    sync_base, async_base, imported = "Resource", "AsyncResource", ""
    if resource.name in BY_HAND:
        module, hand = BY_HAND[resource.name]
        sync_base, async_base = hand, f"Async{hand}"
        imported = f"from ..{module} import {async_base}, {sync_base}\n"
    parts = [
        f'"""`client.{resource.name}`."""\n{HEAD}\nfrom __future__ import annotations\n',
        "from collections.abc import Mapping, Sequence",
        "from datetime import datetime",
        "from typing import TYPE_CHECKING, Any, Literal\n",
        "from .._downloads import AsyncDownload, Download",
        "from .._pages import AsyncPages, Pages",
        "from .._request import UNSET, Request, Unset, joined, new_key, present, quoted",
        f"from .._resource import AsyncResource, Resource\n{imported}",
        "if TYPE_CHECKING:\n    from . import schemas\n\n",
        f"class {name}({sync_base}):",
        comment(first_sentence_apart(resource.doc), "    "),
        *(_method(one, name, is_async=False) for one in methods),
        f"\n\nclass Async{name}({async_base}):",
        f'    """As `{name}`, for an event loop."""',
        *(_method(one, name, is_async=True) for one in methods),
    ]
    return "\n".join(parts)


def _method(method: Method, owner: str, *, is_async: bool) -> str:
    arguments, options = _arguments(method), _options(method)
    name = python_name(method.name)
    result = _result(method, is_async=is_async)
    head = "async def" if is_async and method.item is None else "def"
    signature = ", ".join(["self", *_signature([*arguments, *options])])
    text = _docstring(method, [*arguments, *options]) if not is_async else f"{_summary(method)}\n\nAs `{owner}.{name}`."
    lines = [f"\n    {head} {name}({signature}) -> {result}:", comment(text, " " * 8)]
    lines += [f"        request = {_request(method, arguments)}", *_return(method, result, is_async=is_async)]
    return "\n".join(lines)


def _signature(arguments: list[Argument]) -> list[str]:
    first = [one for one in arguments if one.where in {"path", "body"}]
    first.sort(key=lambda one: one.default is not None)
    rest = [one for one in arguments if one not in first]
    rest.sort(key=lambda one: one.default is not None)
    written = [f"{one.name}: {one.kind}" + ("" if one.default is None else f" = {one.default}") for one in (*first, *rest)]
    return [*written[: len(first)], *(["*"] if rest else []), *written[len(first) :]]


def _result(method: Method, *, is_async: bool) -> str:
    prefix = "Async" if is_async else ""
    if method.item is not None:
        return f"{prefix}Pages[{annotation(method.item, place=PLACE)}]"
    if method.answer.is_file:
        return f"{prefix}Download"
    if method.answer.schema is None:
        return "None"
    kind = annotation(method.answer.schema, place=PLACE)
    return f"{kind} | None" if method.operation_id == "waitForNextMessage" else kind


def _return(method: Method, result: str, *, is_async: bool) -> list[str]:
    wait = "await " if is_async else ""
    if method.item is not None:
        return ["        return self._list(request)"]
    if method.answer.is_file:
        return [f"        return {wait}self._file(request)"]
    if method.answer.schema is None:
        return [f"        {wait}self._call(request)"]
    return [f"        answer: {result} = {wait}self._call(request)", "        return answer"]


def _request(method: Method, arguments: list[Argument]) -> str:
    parts = [json.dumps(method.verb), _path(method, arguments)]
    query = [one for one in arguments if one.where == "query"]
    if query:
        parts.append(f"query={{{', '.join(f'{json.dumps(one.wire)}: {_sent(one)}' for one in query)}}}")
    headers = [one for one in arguments if one.where == "header"]
    if headers:
        pairs = ", ".join(f"({json.dumps(one.wire)}, {one.name})" for one in headers)
        parts.append(f"headers={{name: value for name, value in ({pairs},) if value is not None}}")
    parts += _body(method, arguments)
    parts += ["key=idempotency_key or new_key()"] if method.idempotent else []
    parts += ["if_match=if_match"] if method.conditional else []
    return f"Request({', '.join([*parts, 'timeout_s=request_timeout'])})"


def _sent(argument: Argument) -> str:
    return f"joined({argument.name})" if argument.kind.startswith("str | Sequence[str]") else argument.name


def _path(method: Method, arguments: list[Argument]) -> str:
    names = {one.wire: one.name for one in arguments if one.where == "path"}
    if not names:
        return json.dumps(method.path)
    return "f" + json.dumps(re.sub(r"\{(\w+)\}", lambda found: f"{{quoted({names[found[1]]})}}", method.path))


def _body(method: Method, arguments: list[Argument]) -> list[str]:
    if method.body is None:
        return []
    if method.body.fields is None:
        return ["body=body"]
    fields = [one for one in arguments if one.where == "field"]
    written = f"present({{{', '.join(f'{json.dumps(one.wire)}: {one.name}' for one in fields)}}})"
    return [f"body={written}"] if method.body.required else [f"body={written} or UNSET"]


def _summary(method: Method) -> str:
    return f"{method.summary.rstrip('.')}."


def _said(method: Method) -> list[str]:
    """The description without what the summary says, and the scope without what its name says."""
    parts = [" ".join(part.split()) for part in method.doc.split("\n\n")]
    parts = [re.sub(r"^(Requires the scope `[^`]+`):.*", r"\1.", part) for part in parts]
    return [part for part in dict.fromkeys(parts) if part.rstrip(".") != method.summary.rstrip(".")]


def _docstring(method: Method, arguments: list[Argument]) -> str:
    paragraphs = [_summary(method), *_said(method)]
    described = [f"`{one.name}`: {one.doc.rstrip('.')}." for one in arguments if one.doc and one.where != "option"]
    extra = [one.name for one in arguments if one.where == "option" and one.name != "request_timeout"]
    if "if_match" in extra:
        described.append("`if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.")
    return "\n\n".join([*paragraphs, *([" ".join(described)] if described else [])])


def _resources(document: Document) -> str:
    head = [
        '"""The resources of a client. Each is imported when it is first used."""',
        HEAD,
        "from __future__ import annotations\n",
        "from functools import cached_property",
        "from typing import TYPE_CHECKING\n",
        "if TYPE_CHECKING:",
        "    from .._transport import AsyncTransport, Transport",
        *(f"    from .{one.name} import {class_name(one.name)}, Async{class_name(one.name)}" for one in document.resources),
        "\n",
    ]
    lines = list(head)
    for prefix in ("", "Async"):
        lines += [
            f"class {prefix}Resources:",
            '    """The nouns of the API, as attributes."""\n',
            f"    def __init__(self, transport: {prefix}Transport) -> None:",
            "        self._transport = transport\n",
        ]
        for one in document.resources:
            name = prefix + class_name(one.name)
            lines += ["    @cached_property", f"    def {one.name}(self) -> {name}:", comment(one.doc, " " * 8)]
            lines += [f"        from .{one.name} import {name}\n", f"        return {name}(self._transport)\n"]
    return "\n".join(lines)


def _formatted(raw: dict[str, str]) -> dict[str, str]:
    """The modules as the style of the project has them, without the imports that they do not need."""
    with tempfile.TemporaryDirectory(dir=PACKAGE, prefix=".made-") as name:
        folder = Path(name)
        for file, text in raw.items():
            (folder / file).write_text(text, "utf-8")
        ruff = [sys.executable, "-m", "ruff"]
        select = ["check", "--quiet", "--no-cache", "--fix", "--select", "F401,I,UP,RUF022", name]
        for command in ([*ruff, *select], [*ruff, "format", "--quiet", "--no-cache", name]):
            subprocess.run(command, cwd=PACKAGE.parent, check=True)  # noqa: S603  nothing in it comes from outside
        return {file: (folder / file).read_text("utf-8") for file in raw}
