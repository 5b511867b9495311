"""Who may call what, as one line per operation: what the door in front of each operation decides by.

The matrices prove that the door asks for what the table says. They cannot know what the table should say: a scope that is one
word too weak opens an operation, and every matrix follows. So the lines stand in `policy.txt`, where a change to them is seen
in review; those of a dialect stand in a `policy.txt` in its own folder of tests.
`.venv/bin/python -m tests.security.policy` writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from penstock.kit.operation import Operation
from tests.security.table import dialect_of, operations

FILE = Path(__file__).with_name("policy.txt")
DIALECTS = Path(__file__).parents[1] / "api" / "dialects"
FLAGS = {
    "device_token": "device",
    "session": "session",
    "of_project": "project",
    "of_resident": "resident",
    "of_customer": "manager",
}
"""The fields that say who else is let in, or nobody else, by how a line calls them."""


def line_of(operation: Operation) -> str:
    """Method, path, scope (`-`: none), then whatever holds of: a device's own token is taken, a session is needed, a key bound
    to a project is let in, a resident is let in, a customer's manager is.
    """
    words = [word for field, word in FLAGS.items() if getattr(operation, field)]
    return " ".join([f"{operation.method:<6} {operation.path}", operation.scope or "-", *words])


def pinned() -> list[str]:
    """The lines that stand in the files."""
    return _by_path(line for file in (FILE, *DIALECTS.glob("*/policy.txt")) for line in file.read_text("utf-8").splitlines())


def lines(wanted: Iterable[Operation]) -> list[str]:
    """The lines of operations, sorted by path."""
    return _by_path(map(line_of, wanted))


def _by_path(found: Iterable[str]) -> list[str]:
    return sorted(found, key=lambda line: (line.split()[1], line))


def write() -> None:
    """Write the files anew."""
    by_dialect: dict[str | None, list[Operation]] = {}
    for operation in operations():
        by_dialect.setdefault(dialect_of(operation), []).append(operation)
    for name, found in by_dialect.items():
        file = DIALECTS / name / "policy.txt" if name else FILE
        file.write_text("".join(f"{line}\n" for line in lines(found)), "utf-8")


if __name__ == "__main__":
    write()
