"""Who may call what, as one line per operation: what the door in front of each operation decides by.

The matrices prove that the door asks for what the table says. They cannot know what the table should say: a scope that is one
word too weak opens an operation, and every matrix follows. So the lines stand in `policy.txt`, where a change to them is seen
in review. `.venv/bin/python -m tests.security.policy` writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from penstock.kit.operation import Operation
from tests.security.table import operations

FILE = Path(__file__).with_name("policy.txt")
FLAGS = {"device_token": "device", "session": "session", "of_project": "project", "of_resident": "resident"}
"""The fields that say who else is let in, or nobody else, by how a line calls them."""


def line_of(operation: Operation) -> str:
    """Method, path, scope (`-`: none), then whatever holds of: a device's own token is taken, a session is needed, a key bound
    to a project is let in, a resident is let in.
    """
    words = [word for field, word in FLAGS.items() if getattr(operation, field)]
    return " ".join([f"{operation.method:<6} {operation.path}", operation.scope or "-", *words])


def lines(wanted: Iterable[Operation]) -> list[str]:
    """The lines of operations, sorted by path."""
    return sorted(map(line_of, wanted), key=lambda line: (line.split()[1], line))


if __name__ == "__main__":
    FILE.write_text("".join(f"{line}\n" for line in lines(operations())))
