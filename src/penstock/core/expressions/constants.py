"""Constants in an expression that can never work: a time zone that does not exist, a pattern that does not compile."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.core.expressions import zones
from penstock.core.expressions.engine import cel
from penstock.core.expressions.reasons import Refusal
from penstock.core.expressions.syntax import Call, Constant, Tree, walk

_PATTERN = cel.NewEnv(variables={"text": cel.Type.STRING})
_CONVERSIONS = frozenset({"duration", "timestamp", "int", "uint", "double", "bool"})


def check_constants(tree: Tree) -> None:
    """Check the constant arguments of functions that accept only some texts.

    Raises:
        Refusal: one is not accepted.
    """
    for call, constant in _constant_texts(tree):
        at = tree.positions.get(constant.number)
        text = str(constant.value)
        if call.function in zones.REPLACED:
            _check_zone(text, at)
        elif call.function == "matches":
            _check_by_engine("matches", f"'' .matches({_literal(text)})", "the pattern is not a valid regular expression", at)
        elif call.function in _CONVERSIONS:
            name = call.function
            _check_by_engine(name, f"{name}({_literal(text)})", f"{text[:100]!r} is not a valid {name}", at)


def _constant_texts(tree: Tree) -> Iterator[tuple[Call, Constant]]:
    for node in walk(tree.root):
        if isinstance(node, Call) and node.operands:
            last = node.operands[-1]
            if isinstance(last, Constant) and isinstance(last.value, str):
                yield node, last


def _check_zone(name: str, at: int | None) -> None:
    try:
        zones.zone(name)
    except ValueError as error:
        raise Refusal(str(error), at) from None


def _check_by_engine(function: str, source: str, reason: str, at: int | None) -> None:
    found = _PATTERN.compile(source).eval()
    if found.type() == cel.Type.ERROR:
        raise Refusal(reason, at)


def _literal(text: str) -> str:
    """A text as a CEL literal, whatever it contains."""
    return '"' + "".join(f"\\U{ord(one):08x}" for one in text) + '"'
