"""A compiled expression of the Common Expression Language (CEL), and the result of evaluating it.

Shape: `compile_expression("reading.values.t > 30.0", "condition", {"reading"}).test(variables).value` is True or False.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any

import msgspec

from penstock.core.expressions.engine import cel
from penstock.core.expressions.guard import Costs, Fields, bound_names, check, costs, fields_used, flattened, place
from penstock.core.expressions.variables import Variables
from penstock.kit.errors import InvalidInput

MAX_ERROR = 300
"""Maximum characters of a reason."""

_ENGINE_POSITION = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")
_PLACEHOLDER = re.compile(r"_\d+_")
_EXPECTATION = re.compile(r" expecting .*")
_READABLE_REASONS = (
    (ZeroDivisionError, "division by zero"),
    (OverflowError, "a number is out of range"),
    (TypeError, "the types of the values do not match; numbers of readings are doubles, so write 2.0, not 2"),
    (IndexError, "the list has no such entry"),
)


class ErrorReason(StrEnum):
    """The category of a failure."""

    MISSING = "missing"
    """A value is missing: it was not sent, or exceeded a limit."""
    FAILED = "failed"
    """The result cannot be computed: mismatched types, a division by zero."""


class Result(msgspec.Struct, frozen=True, gc=False):
    """The result of an evaluation: a value, or an error with its reason."""

    value: Any = None
    error: ErrorReason | None = None
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.error is None


YES, NO = Result(True), Result(False)


class Expression:
    """A compiled expression. Evaluating it neither raises nor takes long: see `guard.py`. `names` are the variables it uses.

    `fields` are the fields used of each variable, two levels deep, or None for all; a caller can omit the others.
    """

    __slots__ = ("_flat", "_paths", "_program", "costs", "fields", "names", "source")

    def __init__(self, source: str, program: cel.Program, costs: Costs, fields: dict[str, Fields | None]) -> None:
        self.source = source
        self.names = frozenset(fields)
        self.fields = fields
        self.costs = costs
        self._program = program
        self._flat: cel.Program | None = None
        self._paths: list[tuple[str, tuple[str, ...]]] = []

    def flatten(self, program: cel.Program, paths: Sequence[tuple[str, ...]]) -> None:
        """Set an equivalent program that has one variable per path; see `guard.flattened`."""
        self._flat = program
        self._paths = [(f"_{number}_", path) for number, path in enumerate(paths)]

    def evaluate(self, variables: Variables) -> Result:
        """The value of the expression: bool, int, float, str, datetime, timedelta, None, list or dict."""
        try:
            return Result(self._program.execute(variables.context))
        except KeyError as error:
            return Result(None, ErrorReason.MISSING, f"value {str(error)[:MAX_ERROR]} is missing")
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of the engine is not an Exception, and must not end the loop
            return Result(None, ErrorReason.FAILED, _reason(error))

    def test(self, variables: Variables) -> Result:
        """Like `evaluate`, for a condition: a value other than true or false is an error."""
        result = self.evaluate(variables)
        if result.ok and not isinstance(result.value, bool):
            return Result(None, ErrorReason.FAILED, "a condition must evaluate to true or false")
        return result

    def test_parts(self, parts: Mapping[str, Any]) -> Result:
        """Like `test`, with values by variable as `cut` returns them; only the parts that are used are converted for the
        engine.
        """
        if self._flat is not None:
            try:
                found = self._flat.execute(cel.Context({name: _at(parts, path) for name, path in self._paths}))
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:  # a value is missing or has another type: the whole expression below reports it
                found = None
            if isinstance(found, bool):
                return YES if found else NO
        narrowed = {name: _narrowed(parts[name], requested) for name, requested in self.fields.items() if name in parts}
        return self.test(Variables({}, narrowed))


def compile_expression(source: str, field: str, names: AbstractSet[str]) -> Expression:
    """Compile an expression over these variables.

    Raises:
        InvalidInput: it is not valid CEL, exceeds a limit, or uses another variable; `field`, line and column are named.
    """
    tokens = check(source, field)
    try:
        # A lone surrogate raises here, as a ValueError, and does not reach the engine.
        source.encode()
        program = cel.compile(source)
    except ValueError as error:
        raise InvalidInput.field(field, _syntax(str(error)), "expression") from None
    # The engine also reports the names that macros bind.
    used = frozenset(program.variables()) - bound_names(tokens)
    unknown = sorted(used - names)
    if unknown:
        at = next((token.at for token in tokens if token.text == unknown[0]), 0)
        known = ", ".join(sorted(names))
        raise InvalidInput.field(
            field, f"{place(source, at)}: variable {unknown[0]} does not exist; it must be one of {known}", "expression"
        )
    expression = Expression(source, program, costs(tokens), {name: fields_used(tokens, name) for name in used})
    flat = flattened(source, tokens, used)
    # A source with such a name of its own could be confused with a path's.
    if flat is not None and not _PLACEHOLDER.search(source):
        expression.flatten(cel.compile(flat[0]), flat[1])
    return expression


def _at(parts: Any, path: Sequence[str]) -> Any:
    for field in path:
        parts = parts[field]
    return parts


def _narrowed(value: Any, requested: Fields | None) -> Any:
    """The parts of a value that are used: converting values for the engine is the most expensive step."""
    if requested is None or not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for field, inside in requested.items():
        if field in value:
            part = value[field]
            some = inside is not None and isinstance(part, dict)
            found[field] = {one: part[one] for one in inside or () if one in part} if some else part
    return found


def _syntax(engine: str) -> str:
    match = _ENGINE_POSITION.search(engine)
    if match is None:
        return "must be a valid expression"
    what = _EXPECTATION.sub("", match[3]).replace("mismatched input '<EOF>'", "the expression is incomplete")[:MAX_ERROR]
    return f"line {match[1]}, column {match[2]}: {what}"


def _reason(error: BaseException) -> str:
    for kind, words in _READABLE_REASONS:
        if isinstance(error, kind):
            return words
    return str(error).split(". Check", 1)[0][:MAX_ERROR] or type(error).__name__
