"""What a server offers to assistants: its tools, and the pages that describe its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from penstock.api.mcp.calling import Allowed
from penstock.api.mcp.tools import SURFACE, Tool, build_tools
from penstock.api.shared.openapi import words
from penstock.api.shared.openapi.parameters import plain_path
from penstock.kit.operation import Operation


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of documentation, in Markdown."""

    title: str
    about: str
    text: str


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All tools by name, and all pages by the last part of their addresses."""

    tools: dict[str, Tool]
    pages: dict[str, Page]

    def offered(self, allowed: Allowed, only: str | None = None) -> list[str]:
        """The names of the tools that a caller can use, of those that begin with one of the words in `only`."""
        chosen = tuple(word for part in (only or "").split(",") if (word := part.strip()))
        return [name for name, tool in self.tools.items() if allowed(tool.operation) and (not chosen or name.startswith(chosen))]


def build_catalogue(operations: Iterable[Operation], choices: Mapping[str, Sequence[str]]) -> Catalogue:
    """The catalogue of the operations of the native API."""
    native = [one for one in operations if one.surface == SURFACE]
    return Catalogue(tools=build_tools(native, choices), pages=_pages(native))


def _pages(operations: Sequence[Operation]) -> dict[str, Page]:
    """A page for each group of operations: what they do and which scopes they need."""
    by_tag: dict[str, list[Operation]] = {}
    for operation in operations:
        by_tag.setdefault(operation.tag, []).append(operation)
    return {tag.lower().replace(" ", "-"): _page(tag, found) for tag, found in sorted(by_tag.items())}


def _page(tag: str, operations: Sequence[Operation]) -> Page:
    about = words.TAGS.get(tag, "")
    parts = [f"# {tag}", about]
    for operation in sorted(operations, key=lambda one: (one.path, one.method)):
        scope = f"Scope: `{operation.scope}`." if operation.scope else "No key."
        parts += [f"## {operation.method} {plain_path(operation.path)}", f"{operation.summary}. {scope}", operation.description]
    return Page(title=tag, about=about, text="\n\n".join(part for part in parts if part) + "\n")
