"""Parts of an expression that have no value whatever is sent: they are rejected when it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from penstock.core.expressions import zones
from penstock.core.expressions.engine import cel
from penstock.core.expressions.reasons import Refusal, no_field, shown_reason
from penstock.core.expressions.serialized import alone
from penstock.core.expressions.syntax import Call, Constant, ListOf, Loop, MapOf, Name, Node, Select, Tree, children, walk

_LACKING = {
    "int64_to_duration": "a duration is made of a text, such as duration('90s')",
    "duration_to_int64": "a number is made of a duration by getSeconds() and the like",
}
"""Forms of functions that the engine's checker accepts although the engine lacks them, with the alternative."""
_NOT_OF_NULL = frozenset({"_+_", "_-_", "_<_", "_<=_", "_>_", "_>=_", *zones.REPLACED})
"""What the engine's checker accepts of a time or a duration with null."""
_CLAUSE = re.compile(r"%(?:\.\d+)?(.?)", re.DOTALL)
_CLAUSES = frozenset("sdfexXbo")


def check_possible(source: str, tree: Tree) -> None:
    """Check the calls of an expression.

    Raises:
        Refusal: one can never be computed.
    """
    for node in walk(tree.root):
        at = tree.positions.get(node.number, 0)
        if isinstance(node, Name) and "." in node.name and source[at : at + 1] == "(":
            raise no_field(node.name, at)
        reason = _reason(node, tree)
        if reason:
            raise Refusal(reason, at)


def check_constant_parts(tree: Tree, serialized: bytes, environment: cel.Env) -> None:
    """Check the parts that use no variable, by computing them. Their cost must be known to be within the limits.

    Raises:
        Refusal: one fails.
    """
    for node in _constant_parts(tree.root):
        failure = _failure(alone(serialized, *node.span), environment)
        if failure:
            at = min((tree.positions.get(one.number, 0) for one in walk(node)), default=0)
            raise Refusal(f"this part always fails: {shown_reason(failure)}", at)


def _failure(serialized: bytes, environment: cel.Env) -> str:
    try:
        found = environment.deserialize(serialized).eval(data={})
        return str(found.plain_value()) if found.type() == cel.Type.ERROR else ""
    except RuntimeError as error:
        return str(error)
    except TypeError:  # an optional value, which has no type in Python
        return ""


def _reason(node: Node, tree: Tree) -> str:
    match node:
        case Call(function="_/_" | "_%_" as name, arguments=(dividend, Constant(value=int() | float() as divisor))) if (
            not divisor and not _is_constant(dividend, frozenset())
        ):
            return "division by zero" if name == "_/_" else "modulus by zero"
        case Call(function=name) if name in _NOT_OF_NULL and any(_is_null(one) for one in node.operands):
            return f"{name.strip('_')} does not accept null"
        case Call(function="format", target=Constant(value=str(form)), arguments=(ListOf(entries=entries),)):
            return _reason_of_format(form, len(entries))
        case Call(function=name):
            forms = set(tree.overloads.get(node.number, ()))
            lacking = next((_LACKING[form] for form in sorted(forms) if form in _LACKING), "")
            return f"function {name} does not accept this type: {lacking}" if forms and forms <= _LACKING.keys() else ""
        case _:
            return ""


def _is_null(node: Node) -> bool:
    return isinstance(node, Constant) and node.value is None


def _reason_of_format(form: str, entries: int) -> str:
    clauses = [one for one in _CLAUSE.findall(form) if one != "%"]
    wrong = next((one for one in clauses if one not in _CLAUSES), None)
    if wrong is not None:
        return f"the format contains %{wrong}; it must be one of {', '.join(f'%{one}' for one in sorted(_CLAUSES))} or %%"
    return f"the format has {len(clauses)} places for a list of {entries}" if len(clauses) > entries else ""


def _constant_parts(node: Node) -> Iterator[Node]:
    """The largest parts that use no variable."""
    if isinstance(node, Call | Select | MapOf | Loop) and _is_constant(node, frozenset()):
        yield node
        return
    for one in children(node):
        yield from _constant_parts(one)


def _is_constant(node: Node, bound: frozenset[str]) -> bool:
    if isinstance(node, Name):
        return node.name in bound and not node.absolute
    if isinstance(node, Loop):
        within = bound | {node.variable, node.accumulator}
        inner = (node.condition, node.step, node.result)
        return all(_is_constant(one, bound) for one in (node.over, node.initial)) and all(
            _is_constant(one, within) for one in inner
        )
    return all(_is_constant(one, bound) for one in children(node))
