"""The names of operations, which generated clients have as their functions.

They are pinned: `python -m tests.api.shared.openapi.test_names` writes them after a name was added, or changed on purpose.
"""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from penstock.api.shared.openapi.names import _SHORT, operation_name
from tests.security.table import UNLESS_TOLD, operations

PINNED = Path(__file__).with_name("operation_ids.txt")
VERBS = frozenset(Path(__file__).with_name("verbs.txt").read_text("utf-8").split())
"""What names begin with; `back` and `off` are the first halves of theirs. A new verb is added there on purpose."""
TAKEN = frozenset({"case", "default", "defer", "delete", "do", "export", "func", "go", "map", "new", "range", "select", "switch"})
"""Words of Go and TypeScript that a verb could be; those of Python are known to it."""


def lines() -> list[str]:
    return sorted(f"{one.method} {one.path} {operation_name(one)}" for one in operations())


def test_names_stay_as_they_are() -> None:
    assert lines() == PINNED.read_text("utf-8").splitlines()


def test_names_are_short_and_unique() -> None:
    names = [operation_name(one) for one in operations()]
    assert len(set(map(str.lower, names))) == len(names)
    assert [name for name in names if not re.fullmatch("[a-z][A-Za-z0-9]{2,49}", name)] == []
    native = [operation_name(one) for one in operations() if one.surface == "v2"]
    assert [name for name in native if len(name) > 34] == []
    assert {"listDevices", "createDevice", "getDevice", "updateDevice", "deleteDevice", "pauseDevice", "signIn"} <= {*native}


def test_names_say_what_is_done() -> None:
    nouns = []
    for one in operations():
        name = operation_name(one)
        own = name[len(one.surface) :] if name.startswith(one.surface) else name
        verb = re.match("[a-z]+", own[:1].lower() + own[1:])
        nouns += [] if verb and verb[0] in VERBS else [name]
    assert nouns == []


def test_names_are_words_of_no_language() -> None:
    """A generator changes a name that its language has taken, each in its own way."""
    names = [operation_name(one) for one in operations()]
    assert [name for name in names if keyword.iskeyword(name) or name in TAKEN] == []


def test_every_short_name_has_its_operation() -> None:
    assert _SHORT.keys() <= {(one.method, one.path) for one in operations()} | UNLESS_TOLD


if __name__ == "__main__":
    PINNED.write_text("".join(f"{line}\n" for line in lines()), "utf-8")
