"""Server-Sent Events from text, without any I/O (WHATWG HTML, 9.2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One event as it was sent. `id` is empty if it has none."""

    name: str
    id: str
    data: str


class Parser:
    """Takes lines without their ends, and gives a message at each empty one that ends one."""

    def __init__(self) -> None:
        self._name, self._id, self._data = "", "", list[str]()

    def take(self, line: str) -> Iterator[Message]:
        """Take one line."""
        if not line:
            if self._data:
                yield Message(self._name or "message", self._id, "\n".join(self._data))
            self._name, self._data = "", []
            return
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        elif name == "id":
            self._id = value
