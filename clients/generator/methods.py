"""The list of method names, `methods.txt`: what a change of the document does to the client libraries is read there."""

from __future__ import annotations

from pathlib import Path

from clients.generator.document import Document

PINNED = Path(__file__).with_name("methods.txt")


def lines(document: Document) -> list[str]:
    """One line for each method: its name in the client, and the operation that it calls."""
    return sorted(f"{one.resource}.{one.name} {one.verb} {one.path} {one.operation_id}" for one in document.methods)


def write(document: Document) -> None:
    """Write the list."""
    PINNED.write_text("".join(f"{line}\n" for line in lines(document)), "utf-8")
