"""Which operation a path leads to: a tree of the paths' parts.

A path is matched as it was sent, part by part, and each part is decoded by itself. An encoded slash is no slash and an empty
part is no part: `/%2fmetrics` would pass a proxy that guards `/metrics`, and `DELETE …/sensors/a%2F` would hit the sensor `a`.
One slash at the end is let pass. A parameter `{name:path}` takes all the rest of a path, slashes and empty parts included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote

import msgspec

T = TypeVar("T")
_TAIL = ":path"


class Route(msgspec.Struct, Generic[T], kw_only=True):
    """What stands at one path: its targets by method."""

    path: str
    names: tuple[str, ...]
    targets: dict[str, T] = {}


class Match(msgspec.Struct, Generic[T], frozen=True):
    """A path that was found, with the values of its parameters."""

    targets: Mapping[str, T]
    values: dict[str, str]


class _Node(Generic[T]):
    """The parts that may follow: fixed ones first, else a parameter, else one that takes the rest."""

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
        """Make a target known.

        Raises:
            ValueError: the path and method are taken, or the path's parameters have other names elsewhere.
        """
        route = self._routes.get(template) or self._place(template)
        if method in route.targets:
            raise ValueError(f"{method} {template} is there twice")
        route.targets[method] = target

    def find(self, raw_path: bytes) -> Match[T] | None:
        """The targets of a path as it was sent, or None if there is no such path."""
        parts = raw_path.split(b"/")[1:]
        ends_with_slash = len(parts) > 1 and not parts[-1]
        node = self._root
        values: list[str] = []
        for position, part in enumerate(parts[:-1] if ends_with_slash else parts):
            text = _decoded(part)
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
        """Every path with its targets."""
        return iter(self._routes.values())

    def _place(self, template: str) -> Route[T]:
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
    """One part of a path as text; None if it is empty or hides a slash."""
    if b"%" not in part:
        return part.decode("ascii", "replace") or None
    text = unquote(part.decode("ascii", "replace"))
    return None if "/" in text else text


def _with_tail(route: Route[T], values: list[str], rest: list[bytes]) -> Match[T] | None:
    text = unquote(b"/".join(rest).decode("ascii", "replace"))
    return _match(route, [*values, text]) if text.strip("/") else None


def _match(route: Route[T], values: list[str]) -> Match[T]:
    return Match(route.targets, dict(zip(route.names, values, strict=True)))
