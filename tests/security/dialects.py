"""What the matrix has to know of each dialect: it is in `security.py` in the dialect's own folder of tests."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec

from penstock.bootstrap.dialects import DIALECTS

if TYPE_CHECKING:
    from tests.security.calls import Answer
    from tests.security.holding import Holding


ERROR_TEXT = jsonschema_rs.validator_for(
    {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string", "minLength": 1, "maxLength": 1000}},
        "additionalProperties": False,
    }
)


def check_error_text(answer: Answer, document: dict[str, Any]) -> bool:
    """Judge an error of a vendor whose errors are one text under `error`."""
    if "error" not in document:
        return False
    ERROR_TEXT.validate(document)
    return True


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """What to put where an operation takes an id. `malformed` are texts that are no such id at all."""

    own: Any
    foreign: list[Any]
    unknown: Any
    deleted: list[Any] = []
    malformed: list[str] = []


def _nothing_more(call: Callable[..., Any], path: dict[str, str]) -> dict[str, str]:
    return {}


def _no_values(name: str, mine: Holding, theirs: Holding) -> Values | None:
    return None


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """One dialect as the security tests see it.

    `check_error` judges an error in the vendor's shape, and tells whether the answer was one. `hold` makes the things of an
    organisation that only this dialect names: given a caller `call(method, path, body)` and the ids of what there is already, it
    tells their names and values, which are marks of a leak. `values` are what to put where an operation takes an id. `examples`
    are texts in the dialect's examples, by the name of what an organisation has in their place. `open_operations` may be called
    by everybody, each for a reason; `nameless_status` is what an unknown id in a path is answered with where that is not 404;
    `lenient` are traps in a query that the vendor accepts. `passes_on` are operations that need the scopes of the events that
    they pass on, besides their own, with the body that asks for a topic; `credentials` those that answer with a credential, with
    whose it is (`test_handed_down.py`).
    """

    check_error: Callable[[Answer, dict[str, Any]], bool]
    hold: Callable[[Callable[..., Any], dict[str, str]], dict[str, str]] = _nothing_more
    values: Callable[[str, Holding, Holding], Values | None] = _no_values
    examples: dict[str, str] = {}
    open_operations: dict[str, str] = {}
    nameless_status: dict[str, int] = {}
    follows_by_itself: frozenset[str] = frozenset()
    lenient: frozenset[str] = frozenset()
    passes_on: dict[str, Callable[[str], dict[str, Any]]] = {}
    credentials: dict[str, str] = {}


def _found(name: str) -> Dialect:
    found = import_module(f"tests.api.dialects.{name}.security").DIALECT
    assert isinstance(found, Dialect)
    return found


KNOWN = {name: _found(name) for name, surface in DIALECTS.items() if surface.rules}
"""By the name of the dialect, which is that of its surface. One without rules of its own has no operations."""
EXAMPLES = {text: name for dialect in KNOWN.values() for text, name in dialect.examples.items()}
OPEN_OPERATIONS = {name: why for dialect in KNOWN.values() for name, why in dialect.open_operations.items()}
NAMELESS_STATUS = {name: status for dialect in KNOWN.values() for name, status in dialect.nameless_status.items()}
PASSES_ON = {name: body for dialect in KNOWN.values() for name, body in dialect.passes_on.items()}
CREDENTIALS = {name: whose for dialect in KNOWN.values() for name, whose in dialect.credentials.items()}
FOLLOWS_BY_ITSELF = {path for dialect in KNOWN.values() for path in dialect.follows_by_itself}


def values_of_dialects(name: str, mine: Holding, theirs: Holding) -> Values | None:
    """What the dialect that knows this name puts there."""
    return next((found for dialect in KNOWN.values() if (found := dialect.values(name, mine, theirs))), None)
