"""A token that was mailed ends with the access it gives back, wherever the program ends access."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from penstock.core.people.store import SessionLookup, SessionStore
from tests.house.tree import SRC, parsed

ENDS_SESSIONS = {name for store in (SessionStore, SessionLookup) for name in vars(store) if name.startswith("revoke_")}
"""What ends more than one session of a person."""
ENDS_RESETS = {"end_resets", "use_reset_token"}
"""What deletes the tokens that set another password; using one deletes the others of the person."""


def functions(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Every function of a file with the names that it calls."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
            yield f"{path.relative_to(SRC)}:{node.name}", {call.attr for call in calls if isinstance(call, ast.Attribute)}


def test_whatever_ends_the_sessions_of_a_person_ends_the_mailed_tokens_too() -> None:
    found = {name: calls for path in sorted((SRC / "core").rglob("*.py")) for name, calls in functions(path)}
    ending = {name: calls for name, calls in found.items() if calls & ENDS_SESSIONS}
    assert len(ending) >= 6, "members, residents, the operator and the person end sessions"
    assert [name for name, calls in ending.items() if not calls & ENDS_RESETS] == []
