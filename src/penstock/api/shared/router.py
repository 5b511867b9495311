"""Finds the operation for a path: a tree of path segments.

A path is matched as it was sent, segment by segment, and each segment is decoded separately. An encoded slash does not separate
segments, and an empty segment does not match: `/%2fmetrics` would bypass a proxy that guards `/metrics`, and `DELETE
…/sensors/a%2F` would delete the sensor `a`. One trailing slash is allowed. A parameter `{name:path}` matches the rest of a path,
including slashes and empty segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote

import msgspec

T = TypeVar("T")
_TAIL = ":path"


class Route(msgspec.Struct, Generic[T], kw_only=True):
    """The targets at one path, by method."""

    path: str
    names: tuple[str, ...]
    targets: dict[str, T] = {}


class Match(msgspec.Struct, Generic[T], frozen=True):
    """A matched path, with the values of its parameters."""

    targets: Mapping[str, T]
    values: dict[str, str]


class _Node(Generic[T]):
    """The segments that can follow: fixed ones first, else a parameter, else one that matches the rest."""

    __slots__ = ("literals", "parameter", "route", "tail")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[T]] = {}
        self.parameter: _Node[T] | None = None
        self.tail: Route[T] | None = None
        self.route: Route[T] | None = None


class Router(Generic[T]):
    """Targets by path and method."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._routes: dict[str, Route[T]] = {}

    def add(self, template: str, method: str, target: T) -> None:
        """Register a target.

        Raises:
            ValueError: the path and method already have a target, or another path names the same parameter differently.
        """
        route = self._routes.get(template) or self._insert(template)
        if method in route.targets:
            raise ValueError(f"{method} {template} is registered twice")
        route.targets[method] = target

    def find(self, raw_path: bytes) -> Match[T] | None:
        """The targets of a path as it was sent; None if the path does not exist."""
        parts = raw_path.split(b"/")[1:]
        ends_with_slash = len(parts) > 1 and not parts[-1]
        node = self._root
        values: list[str] = []
        for position, part in enumerate(parts[:-1] if ends_with_slash else parts):
            text = "" if raw_path == b"/" else _decoded(part)
            # There is no backtracking: a fixed segment excludes the parameter in its place, so one pass over the path is enough.
            following = None if text is None else node.literals.get(text)
            if following is None:
                if node.tail is not None:
                    return _with_tail(node.tail, values, parts[position:])
                if text is None or node.parameter is None:
                    return None
                values.append(text)
                following = node.parameter
            node = following
        return None if node.route is None else _match(node.route, values)

    def routes(self) -> Iterator[Route[T]]:
        """All paths with their targets."""
        return iter(self._routes.values())

    def _insert(self, template: str) -> Route[T]:
        node, names = self._root, []
        *parts, last = template.split("/")[1:]
        for part in [*parts, last] if not last.endswith(_TAIL + "}") else parts:
            if part.startswith("{"):
                names.append(part.strip("{}"))
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(part, _Node())
        if last.endswith(_TAIL + "}"):
            route = node.tail = Route(path=template, names=(*names, last[1:].removesuffix(_TAIL + "}")))
        else:
            if node.route is not None:
                raise ValueError(f"{template} is the same path as {node.route.path}")
            route = node.route = Route(path=template, names=tuple(names))
        self._routes[template] = route
        return route


def _decoded(part: bytes) -> str | None:
    """One segment of a path as a string; None if it is empty or contains an encoded slash."""
    if b"%" not in part:
        # A byte outside ASCII becomes U+FFFD, which no fixed segment contains.
        return part.decode("ascii", "replace") or None
    text = unquote(part.decode("ascii", "replace"))
    return None if "/" in text else text


def _with_tail(route: Route[T], values: list[str], rest: list[bytes]) -> Match[T] | None:
    text = unquote(b"/".join(rest).decode("ascii", "replace"))
    return _match(route, [*values, text]) if text.strip("/") else None


def _match(route: Route[T], values: list[str]) -> Match[T]:
    return Match(route.targets, dict(zip(route.names, values, strict=True)))
