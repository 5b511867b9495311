"""Ids are typed: a field or parameter that holds one says of what, so that mypy tells a device's from a project's.

A sequence number is the id of what has no other: a reading (`Seq`), an entry of the audit log (`AuditSeq`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .tree import parsed, python_files, shown

# What is called an id and is a plain number all the same: {(where it begins to hold, name): reason}.
PLAIN_NUMBERS: dict[tuple[str, str], str] = {
    (
        "src/penstock/",
        "before_id",
    ): "where a page begins, taken from a cursor: it may be the highest number there is, which no one has",
    ("src/penstock/", "after_id"): "where a page begins, taken from a cursor: it may be 0, which no one has",
    ("src/penstock/core/search/models.py", "id"): "of a thing of any kind, as the searcher that found it says",
    ("src/penstock/", "subject_id"): "of one kind or another, as the topic, the kind or the grouping beside it says",
    ("src/penstock/", "new_id"): "a function that gives numbers, whose caller says of what each is the id",
    ("src/penstock/core/actor.py", "id"): "a key's, a person's, a device's or a rule's, as the actor's kind says",
    ("src/penstock/core/vault/models.py", "id"): "a webhook's, a connection's or a token's, as the owner's kind says",
    ("src/penstock/core/idempotency.py", "caller_id"): "an actor's, of whatever kind it is",
    ("src/penstock/adapters/storage/sqlite/events.py", "caller_id"): "an actor's, of whatever kind it is",
    (
        "src/penstock/core/uplinks/store.py",
        "id",
    ): "a row's number: the reading gets its place in the log when its device is known",
    ("src/penstock/core/uplinks/store.py", "up_to_id"): "a row's number, as above",
    ("src/penstock/adapters/storage/sqlite/uplinks.py", "up_to_id"): "a row's number, as above",
    ("src/penstock/core/tokens/grant_models.py", "id"): "a group's, user's or key's, as the kind beside it says",
    ("src/penstock/core/tokens/grant_models.py", "actor_id"): "an actor's, of whatever kind it is",
    ("src/penstock/core/dashboards/models.py", "creator_id"): "an actor's, of whatever kind it is",
    ("src/penstock/core/search/", "id"): "a thing's of any kind, as the hit's kind says",
    ("src/penstock/ingress/mqtt/", "packet_id"): "MQTT's packet identifier: 16 bits, of one connection",
}


def annotated(tree: ast.AST) -> Iterator[tuple[int, str, ast.expr]]:
    """Every parameter and every field or variable with an annotation: line, name, annotation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            yield node.lineno, node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name | ast.Attribute):
            yield node.lineno, node.target.id if isinstance(node.target, ast.Name) else node.target.attr, node.annotation


def plain(tree: ast.AST) -> list[tuple[int, str]]:
    """Lines and names of ids that are annotated as plain numbers, or as collections of such."""
    return sorted(
        (line, name)
        for line, name, annotation in annotated(tree)
        if name.lstrip("_") in ("id", "ids", "seq", "seqs") or name.endswith(("_id", "_ids", "_seq", "_seqs"))
        if any(isinstance(part, ast.Name) and part.id == "int" for part in ast.walk(annotation))
    )


def allowed(path: Path, name: str) -> set[tuple[str, str]]:
    """The entries of the list that let a name be."""
    return {(where, one) for where, one in PLAIN_NUMBERS if one == name and shown(path).startswith(where)}


def test_ids_are_typed() -> None:
    found = [(path, line, name) for path in python_files("src/penstock") for line, name in plain(parsed(path))]
    assert [f"{shown(path)}:{line} {name}" for path, line, name in found if not allowed(path, name)] == []


def test_the_list_of_plain_numbers_is_current() -> None:
    used = {entry for path in python_files("src/penstock") for _, name in plain(parsed(path)) for entry in allowed(path, name)}
    assert set(PLAIN_NUMBERS) - used == set()


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("class Device:\n    id: int", [(2, "id")]),
        ("class Device:\n    project_id: int | None = None", [(2, "project_id")]),
        ("def find(device_id: int) -> None: ...", [(1, "device_id")]),
        ("def find(*, device_ids: Sequence[int], limit: int) -> None: ...", [(1, "device_ids")]),
        ("self._by_id: dict[str, str] = {}\nself._ids: set[int] = set()", [(2, "_ids")]),
        ("def follow(seq: int, after_seq: int | None, consequence: int) -> None: ...", [(1, "after_seq"), (1, "seq")]),
        ("class Segment:\n    last_seq: int = 0\n    base_seq: Seq = Seq(0)", [(2, "last_seq")]),
        ("def find(device_id: DeviceId, ids: tuple[DeviceId, ...], valid: int, text_id: str) -> None: ...", []),
    ],
)
def test_a_plain_number_is_found(source: str, wanted: list[tuple[int, str]]) -> None:
    assert plain(ast.parse(source)) == wanted
