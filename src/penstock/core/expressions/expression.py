"""A compiled expression of the Common Expression Language (CEL), and the result of evaluating it.

Shape: `compile_condition("reading.values.t > 30", "condition", scope).test(variables).value` is True or False.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from penstock.core.expressions import numbers, texts, zones
from penstock.core.expressions.constants import check_constants
from penstock.core.expressions.engine import Kind, cel
from penstock.core.expressions.guard import MAX_LENGTH, TEXT, Estimate, TooCostly
from penstock.core.expressions.impossible import check_constant_parts, check_possible
from penstock.core.expressions.reasons import Refusal, refusal_of, shown_reason
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.syntax import Call, Constant, Name, Node, Select, Tree, children, read, walk
from penstock.core.expressions.variables import Variables, cut
from penstock.kit.errors import InvalidInput

_ERROR = cel.Type.ERROR
_SHORT = frozenset({Kind.TEXT, Kind.TIME, Kind.BOOLEAN})
_MISSING = ("NOT_FOUND: Key not found in map", "UNKNOWN: No value with name")
SCALARS = frozenset({"BOOL", "INT", "UINT", "DOUBLE", "STRING", "DYN"})
_JSON = SCALARS | {"NULL", "LIST", "MAP", "TIMESTAMP", "DURATION"}
_SHOWN_AS = {"INT": "a number", "UINT": "a number", "DOUBLE": "a number", "STRING": "a text", "NULL": "null", "LIST": "a list"}
_SHOWN_AS |= {"MAP": "a map", "TIMESTAMP": "a time", "DURATION": "a duration", "BOOL": "true or false", "BYTES": "bytes"}


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


class Used(msgspec.Struct, frozen=True, gc=False):
    """A variable that an expression uses: its name, the path to its value, and the only fields it uses; None means all."""

    name: str
    path: tuple[str, ...]
    fields: tuple[str, ...] | None


class Expression:
    """A compiled expression. Evaluating it neither raises nor takes long: see `guard.py`.

    `names` are the nouns whose variables it uses, such as `reading`; `used` are the variables.
    """

    __slots__ = ("_program", "cost", "names", "source", "type_name", "used")

    def __init__(self, source: str, program: cel.Expression, used: Sequence[Used], cost: int, type_name: str) -> None:
        self.source = source
        self.used = tuple(used)
        self.names = frozenset(one.path[0] for one in used)
        self.cost = cost
        self.type_name = type_name
        self._program = program

    def evaluate(self, variables: Variables) -> Result:
        """The value of the expression: bool, int, float, str, datetime, timedelta, None, list or dict."""
        return self.evaluate_parts(variables.parts)

    def evaluate_parts(self, parts: Mapping[str, Any]) -> Result:
        """Like `evaluate`, with values by noun as `cut` returns them."""
        return self._run(self._data(parts))

    def _run(self, data: dict[str, Any]) -> Result:
        try:
            found = self._program.eval(data=data)
            value = found.plain_value()
            if value is True or value is False:
                return YES if value else NO
            if found.type() == _ERROR:
                return _failed(value)
        except Exception as error:
            return _failed(str(error))
        return Result(value.name() if isinstance(value, cel.Type) else bytes(value) if isinstance(value, bytearray) else value)

    def test(self, variables: Variables) -> Result:
        """Like `evaluate`, for a condition: a value other than true or false is an error."""
        return self.test_parts(variables.parts)

    def test_parts(self, parts: Mapping[str, Any]) -> Result:
        """Like `test`, with values by noun as `cut` returns them."""
        return _tested(self._run(self._data(parts)))

    def test_uncut(self, parts: Mapping[str, Any]) -> Result:
        """Like `test_parts`, with values as they came: only those that are used are cut."""
        return _tested(self._run({name: cut(value) for name, value in self._data(parts).items()}))

    def _data(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """The variables that are used: converting values for the engine is the most expensive step."""
        data: dict[str, Any] = {}
        for one in self.used:
            value: Any = parts
            for key in one.path:
                value = value.get(key, _ABSENT)
                if value is _ABSENT:
                    break
            else:
                if one.fields is not None and isinstance(value, dict):
                    value = {field: value[field] for field in one.fields if field in value}
                data[one.name] = value
        return data


_ABSENT: dict[str, Any] = {}


def compile_expression(source: str, field: str, scope: Scope) -> Expression:
    """Compile an expression over these variables.

    Raises:
        InvalidInput: it is not valid CEL, exceeds a limit, uses another variable, or its types do not match; `field`, line and
            column are named.
    """
    try:
        return _compiled(source, scope)
    except Refusal as refusal:
        where = "" if refusal.at is None else f"{place(source, refusal.at)}: "
        raise InvalidInput.field(field, f"{where}{refusal.reason}", "expression") from None


def compile_condition(source: str, field: str, scope: Scope) -> Expression:
    """Compile an expression that evaluates to true or false.

    Raises:
        InvalidInput: as for `compile_expression`, or its type is another.
    """
    expression = compile_expression(source, field, scope)
    _check_type(expression, field, frozenset({"BOOL", "DYN"}), "true or false")
    return expression


def compile_value(source: str, field: str, scope: Scope) -> Expression:
    """Compile an expression that evaluates to a number, a string or a boolean.

    Raises:
        InvalidInput: as for `compile_expression`, or its type is another.
    """
    expression = compile_expression(source, field, scope)
    _check_type(expression, field, SCALARS, "a number, a string or a boolean")
    return expression


def compile_parameter(source: str, field: str, scope: Scope) -> Expression:
    """Compile an expression whose value is sent as JSON.

    Raises:
        InvalidInput: as for `compile_expression`, or JSON has no such type.
    """
    expression = compile_expression(source, field, scope)
    _check_type(expression, field, _JSON, "a value that JSON has")
    return expression


def place(source: str, at: int) -> str:
    """A position in words: `line 1, column 5`, both counted from 1."""
    before = source[:at]
    return f"line {before.count(chr(10)) + 1}, column {at - (before.rfind(chr(10)) + 1) + 1}"


def _check_type(expression: Expression, field: str, accepted: frozenset[str], words: str) -> None:
    if expression.type_name not in accepted:
        shown = _SHOWN_AS.get(expression.type_name, "a value of another type")
        raise InvalidInput.field(field, f"line 1, column 1: must evaluate to {words}, not to {shown}", "expression")


def _compiled(source: str, scope: Scope) -> Expression:
    if not source.strip():
        raise Refusal("must not be empty")
    if len(source) > MAX_LENGTH:
        raise Refusal(f"must have at most {MAX_LENGTH} characters")
    try:
        source.encode()
        checked = scope.environment.compile(source)
    except UnicodeEncodeError:
        raise Refusal("must be a valid expression") from None
    except RuntimeError as error:
        raise refusal_of(source, str(error), scope) from None
    serialized = checked.serialize()
    tree = read(serialized)
    estimate = Estimate(dict.fromkeys((name for name, kind in scope.kinds.items() if kind in _SHORT), TEXT))
    try:
        estimate.of(tree.root)
    except TooCostly as costly:
        raise Refusal(costly.reason, tree.positions.get(costly.node)) from None
    _check_keys(tree, scope)
    check_constants(tree)
    check_possible(source, tree)
    type_name = _type_name(checked)
    program, running = _replaced(serialized, tree), scope.program_environment
    check_constant_parts(tree, program, running)
    return Expression(source, running.deserialize(program), _used(tree, scope), estimate.cost, type_name.partition("<")[0])


def _type_name(checked: cel.Expression) -> str:
    try:
        name = checked.return_type().name()
    except RuntimeError as error:
        raise Refusal(f"must not evaluate to this value: {shown_reason(str(error))}") from None
    if "optional_type" in name:
        raise Refusal("must not evaluate to an optional value; use orValue()")
    return name


def _replaced(serialized: bytes, tree: Tree) -> bytes:
    """The serialised expression with the names of other functions, each of the same length; see `engine.py`."""
    data = bytearray(serialized)
    for node in walk(tree.root):
        if isinstance(node, Call):
            name = _replacement(node)
            if name is not None:
                data[node.start : node.start + len(name)] = name.encode()
    return bytes(data)


def _replacement(node: Call) -> str | None:
    if node.target is None or not node.arguments:
        return numbers.REPLACED.get(node.function)
    if node.function == "format" and isinstance(node.target, Constant) and not texts.needs_integers(str(node.target.value)):
        return None
    return (zones.REPLACED | texts.REPLACED).get(node.function)


def _check_keys(tree: Tree, scope: Scope) -> None:
    for node in walk(tree.root):
        found = _field_of(node)
        if found is None:
            continue
        name, field = found
        known = scope.keys.get(name)
        if known is not None and field not in known:
            names = ", ".join(f"{name}.{one}" for one in sorted(known)) or "no field"
            raise Refusal(f"{name}.{field} does not exist; {name} has {names}", _start(node, tree))


def _field_of(node: Node) -> tuple[str, str] | None:
    """The variable and the field, if a node reads a constant field of a variable."""
    match node:
        case Select(operand=Name(name=name), field=field):
            return name, field
        case Call(function="_[_]" | "_?._" | "_[?_]", arguments=(Name(name=name), Constant(value=str(field)))):
            return name, field
        case _:
            return None


def _start(node: Node, tree: Tree) -> int:
    return min(tree.positions.get(one.number, 0) for one in children(node)[:1] or (node,))


def _used(tree: Tree, scope: Scope) -> list[Used]:
    fields: dict[str, set[str] | None] = {}
    _collect(tree.root, scope, fields)
    return [
        Used(name, tuple(name.split(".")), None if found is None else tuple(sorted(found)))
        for name, found in sorted(fields.items())
    ]


def _collect(node: Node, scope: Scope, fields: dict[str, set[str] | None]) -> None:
    found = _field_of(node)
    if found is not None and found[0] in scope.kinds:
        kept = fields.setdefault(found[0], set())
        if kept is not None:
            kept.add(found[1])
        return
    if isinstance(node, Name) and node.name in scope.kinds:
        fields[node.name] = None
    for one in children(node):
        _collect(one, scope, fields)


def _tested(result: Result) -> Result:
    if result is YES or result is NO or not result.ok:
        return result
    return Result(None, ErrorReason.FAILED, "a condition must evaluate to true or false")


def _failed(text: object) -> Result:
    reason = str(text)
    kind = ErrorReason.MISSING if reason.startswith(_MISSING) else ErrorReason.FAILED
    return Result(None, kind, shown_reason(reason))
