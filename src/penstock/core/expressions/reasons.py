"""The engine's messages in the words of the product: why an expression is rejected, and why an evaluation failed."""

from __future__ import annotations

import re

from penstock.core.expressions import zones
from penstock.core.expressions.scope import Scope

MAX_REASON = 300
"""Maximum characters of a reason."""
MAX_KNOWN = 24
"""Maximum variables that a reason lists."""
_POSITION = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")
_EXPECTATION = re.compile(r" expecting .*")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(
    r"(?:found no matching overload for '([^']*)' applied to '(\(.*\))'|No matching overloads found : (\S+?)(\([^\n]*\))?$(?!\n))"
)
_HAS = re.compile(r"\bhas\(([\w.\s]+)\)", re.ASCII)
_STATUS = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]\Z")
_KEY = re.compile(r"Key not found in map : (.*)")
_NO_VALUE = re.compile(r'No value with name "([^"]*)"')
_OPERATORS = {"@in": "in", "_[_]": "[]", "_?_:_": "? :", "!_": "!", "-_": "-", "div": "/"}
_LOGIC = frozenset({"_&&_", "_||_", "!_", "_?_:_"})
_FUNCTIONS = {"textpiece": "substring", "render": "format"} | {replaced: name for name, replaced in zones.REPLACED.items()}
_TYPES = dict.fromkeys(("int64", "uint64", "double", "int", "uint", "float"), "number") | {"str": "string"}
_MESSAGES = {"google.protobuf.Timestamp": "time", "timestamp": "time", "google.protobuf.Duration": "duration", "dyn": "any"}
_DEEP = ("recursion limit", "recursion depth")
_WORDS = {
    "Applying SELECT to non-message type": "a field is read of a value that has no fields",
    "divide by zero": "division by zero",
    "Iteration budget exceeded": "the loops have too many iterations",
    "Unable to convert function return value": "the result is a value that cannot be shown, such as an optional value",
}


class Refusal(Exception):
    """An expression is rejected, at a position in its source if one is known."""

    def __init__(self, reason: str, at: int | None = None) -> None:
        self.reason, self.at = reason, at
        super().__init__(reason)


def refusal_of(source: str, message: str, scope: Scope) -> Refusal:
    """Why the engine rejected an expression."""
    if any(words in message for words in _DEEP):
        return Refusal("the expression is nested too deeply; use fewer brackets and operators")
    match = _POSITION.search(message)
    if match is None or match[1] == "-1":
        return Refusal("must be a valid expression")
    at = _offset(source, int(match[1]), int(match[2]))
    if undeclared := _UNDECLARED.search(match[3]):
        return _unknown(source, undeclared[1], at, scope)
    if overload := _OVERLOAD.search(match[3]):
        asked = next((one for one in _HAS.finditer(source) if "".join(one[1].split()) in scope.kinds), None)
        return Refusal(_no_overload(overload), at) if asked is None else no_field("".join(asked[1].split()), asked.start())
    words = _EXPECTATION.sub("", match[3]).replace("mismatched input '<EOF>'", "the expression is incomplete")
    return Refusal(_STATUS.sub("", words)[:MAX_REASON], at)


def no_field(name: str, at: int | None) -> Refusal:
    """`has` with a variable: the engine would take the variable itself for the answer."""
    return Refusal(f"has() asks for a field of a value, such as has(reading.values.t); {name} is not a field but a variable", at)


def shown_reason(message: str) -> str:
    """Why an evaluation failed."""
    plain = _STATUS.sub("", _STATUS.sub("", message))
    if key := _KEY.search(plain):
        return f"value {key[1]} is missing"[:MAX_REASON]
    if name := _NO_VALUE.search(plain):
        return f"value {name[1]} is missing"[:MAX_REASON]
    if overload := _OVERLOAD.search(plain):
        return _no_overload(overload)
    return next((words for found, words in _WORDS.items() if found in plain), plain[:MAX_REASON]) or "the evaluation failed"


def _unknown(source: str, name: str, at: int, scope: Scope) -> Refusal:
    # The engine points at the last dot of a path; a reader looks at its start.
    begin = source.rfind(name.partition(".")[0], 0, at + len(name))
    after = source[max(begin, 0) + len(name) :].lstrip()
    at = begin if begin >= 0 and source.startswith(name, begin) else at
    if after.startswith("(") and name not in scope.kinds:
        return Refusal(f"function {name} does not exist", at)
    known = scope.known(name)
    listed = ", ".join(known[:MAX_KNOWN]) + (", …" if len(known) > MAX_KNOWN else "")
    if any(one.startswith(f"{name}.") for one in scope.kinds):
        return Refusal(f"{name} is not a value; use one of {listed}", at)
    return Refusal(f"variable {name} does not exist; it must be one of {listed}", at)


def _no_overload(match: re.Match[str]) -> str:
    name = (match[1] or match[3]).rpartition(")")[2].lstrip(".")
    types = match[2] or match[4] or ("a value that is not true or false" if name in _LOGIC else "this value")
    for engine, shown in (_MESSAGES | _TYPES).items():
        types = re.sub(rf"\b{engine}\b", shown, types)
    if name == "<iter_range>":
        return "a loop needs a list or a map"
    if name in _OPERATORS or name.startswith("_"):
        return f"operator {_OPERATORS.get(name, name.strip('_'))} does not accept {types}"
    return f"function {_FUNCTIONS.get(name, name)} does not accept {types}"


def _offset(source: str, line: int, column: int) -> int:
    """A position of the engine, which counts lines and columns from 1, in characters from 0."""
    lines = source.split("\n")
    return sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
