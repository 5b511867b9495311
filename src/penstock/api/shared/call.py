"""One call of an operation, and the types of its responses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec

from penstock.core.actor import Actor
from penstock.kit.http import Scope, Send
from penstock.kit.secret import hides

Q = TypeVar("Q")
B = TypeVar("B")
A = TypeVar("A")


Gone = Callable[[], Awaitable[None]]
"""Returns when the client has disconnected."""


async def never() -> None:
    """A client that stays."""
    await asyncio.Event().wait()


@hides("query", "body", "raw", "scope")
class Call(msgspec.Struct, Generic[Q, B], kw_only=True):
    """One call of an operation, decoded. `path` contains the path's parameters as strings.

    An operation that waits ends when the client is `gone`.
    """

    actor: Actor
    path: dict[str, str]
    query: Q
    body: B
    raw: bytes
    scope: Scope
    gone: Gone = never


class Answer(msgspec.Struct, Generic[A], kw_only=True):
    """A response with its own status or headers: a value to encode, or encoded bytes."""

    body: A | bytes | None = None
    status: int | None = None
    headers: list[tuple[bytes, bytes]] = []


class Stream(msgspec.Struct, kw_only=True):
    """A response that is streamed by a function, which gets ASGI's `send`."""

    write: Callable[[Send], Awaitable[None]]


Handler = TypeVar("Handler", bound=Callable[[Any, Call[Any, Any]], Awaitable[Any]])
"""A method of an endpoint class that executes an operation."""
