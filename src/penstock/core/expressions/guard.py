"""What an expression may look like, judged by its tokens before the engine sees it.

An evaluation cannot be interrupted, and it runs on the event loop. So whatever could make it long is refused beforehand: values
that grow (`map`, maps, many additions), loops in loops, loops over anything but a value that came in, patterns that
compile to much, lists made of what is no literal. What is left costs a few milliseconds at its worst, with the limits on
values of `variables.py`.

The tokens here are a part of CEL's: no raw, triple-quoted or byte strings and no comments, so that both readers agree
on where a string ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import TypeAlias

import msgspec

from penstock.kit.errors import InvalidInput

MAX_LENGTH = 1_000
"""Characters of an expression."""
MAX_DEPTH = 16
"""Brackets within brackets: the parser calls itself for each."""
MAX_ADDITIONS = 16
"""Each may join texts or lists, and joining copies all that came before."""
MAX_MACROS = 2
MAX_MACRO_TOKENS = 24
"""Tokens inside the parentheses of a macro, which are done once per entry of a list."""
MAX_PATTERNS = 2
MAX_PATTERN_LENGTH = 64
MACROS = frozenset({"all", "exists", "exists_one", "filter"})
FUNCTIONS = MACROS | {
    *("has", "size", "int", "uint", "double", "string", "bool", "type", "dyn", "timestamp", "duration"),
    *("contains", "startsWith", "endsWith", "matches"),
    *("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
    *("getHours", "getMinutes", "getSeconds", "getMilliseconds"),
}

_TOKEN = re.compile(
    r"""\s+
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>(?:0x[0-9A-Fa-f]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)u?)
    | (?P<text>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]])""",
    re.VERBOSE | re.ASCII,
)
_LITERALS = frozenset({"true", "false", "null"})
_COSTLY_PATTERN = re.compile(r"[{]|\\[A-Za-z0-9]|\(\?")


Fields: TypeAlias = Mapping[str, frozenset[str] | None]
"""Fields of a variable with the fields of each; None stands for whatever is in it."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """One token and where it starts, counted in characters from 0."""

    kind: str
    text: str
    at: int


def check(source: str, field: str) -> list[Token]:
    """The tokens of an expression that may be compiled.

    Raises:
        InvalidInput: it is longer, deeper or more than it may be, or has a token that no expression has; the field is named.
    """
    if not source.strip():
        raise InvalidInput.field(field, "is empty", "expression")
    if len(source) > MAX_LENGTH:
        raise InvalidInput.field(field, f"is longer than {MAX_LENGTH} characters", "expression")
    tokens = _tokens(source, field)
    try:
        _judge(tokens)
    except _Refused as refused:
        raise InvalidInput.field(field, f"{place(source, refused.at)}: {refused.reason}", "expression") from None
    return tokens


class Costs(msgspec.Struct, frozen=True, gc=False):
    """How often an expression has what costs more than the rest."""

    additions: int = 0
    macros: int = 0
    patterns: int = 0

    def __add__(self, other: Costs) -> Costs:
        return Costs(self.additions + other.additions, self.macros + other.macros, self.patterns + other.patterns)

    @property
    def bearable(self) -> bool:
        """Whether one evaluation, or one text, may have as many."""
        return self.additions <= MAX_ADDITIONS and self.macros <= MAX_MACROS and self.patterns <= MAX_PATTERNS


def costs(tokens: Sequence[Token]) -> Costs:
    """What an expression has of what costs."""
    return Costs(sum(token.text == "+" for token in tokens), len(_macro_calls(tokens)), len(_patterns(tokens)))


def fields_used(tokens: Sequence[Token], name: str) -> Fields | None:
    """The fields of a variable that an expression asks for, each with what is asked for inside; None when it may be anything."""
    found: dict[str, set[str] | None] = {}
    for at, token in enumerate(tokens):
        if token.kind != "name" or token.text != name or (at and tokens[at - 1].text == "."):
            continue
        field = _field_after(tokens, at)
        if field is None:
            return None
        inside, kept = _field_after(tokens, at + 2), found.setdefault(field, set())
        if inside is None:
            found[field] = None
        elif kept is not None:
            kept.add(inside)
    return {field: None if inside is None else frozenset(inside) for field, inside in found.items()}


def _field_after(tokens: Sequence[Token], at: int) -> str | None:
    """The field that a name or field is asked for; None when something else is done with the whole of it."""
    if at + 2 >= len(tokens) or tokens[at + 1].text != "." or tokens[at + 2].kind != "name":
        return None
    return None if tokens[at + 2].text in FUNCTIONS else tokens[at + 2].text


def flattened(source: str, tokens: Sequence[Token], names: AbstractSet[str]) -> tuple[str, list[tuple[str, ...]]] | None:
    """The expression with `_0_`, `_1_`, … in place of paths such as `reading.values.t`, and the paths; None when it has others.

    Whoever has a value for each path may evaluate this instead, and spares to bring whole variables into the engine.
    """
    paths: dict[tuple[str, ...], str] = {}
    pieces: list[str] = []
    done = 0
    for at, token in enumerate(tokens):
        if token.kind != "name" or token.text == "has" or (at and tokens[at - 1].text == "."):
            if token.text == "has":
                return None  # it asks whether a path is there
            continue
        if token.text not in names:
            continue
        last, path = at, [token.text]
        while (field := _field_after(tokens, last)) is not None:
            path.append(field)
            last += 2
        if last + 1 < len(tokens) and tokens[last + 1].text in ("[", "("):
            return None
        pieces += [source[done : token.at], paths.setdefault(tuple(path), f"_{len(paths)}_")]
        done = tokens[last].at + len(tokens[last].text)
    return "".join([*pieces, source[done:]]), list(paths)


def bound_names(tokens: Sequence[Token]) -> frozenset[str]:
    """The names that macros bind, such as the `x` of `list.exists(x, x > 1)`."""
    return frozenset(tokens[at + 2].text for at in _macro_calls(tokens) if at + 2 < len(tokens))


def place(source: str, at: int) -> str:
    """A position in words: `line 1, column 5`, both counted from 1."""
    before = source[:at]
    return f"line {before.count(chr(10)) + 1}, column {at - (before.rfind(chr(10)) + 1) + 1}"


class _Refused(Exception):
    def __init__(self, at: int, reason: str) -> None:
        self.at, self.reason = at, reason
        super().__init__(reason)


def _tokens(source: str, field: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None or source.startswith("//", at):
            raise InvalidInput.field(field, f"{place(source, at)}: no expression goes on like this", "expression")
        if match.lastgroup is not None:
            glued = tokens and match.lastgroup == "text" and tokens[-1].at + len(tokens[-1].text) == at
            if glued and tokens[-1].kind != "sign":  # r"", b"", """: other strings than ours
                raise InvalidInput.field(field, f"{place(source, at)}: only plain strings can be used", "expression")
            tokens.append(Token(match.lastgroup, match[0], at))
        at = match.end()
    return tokens


def _judge(tokens: Sequence[Token]) -> None:
    _judge_depth(tokens)
    additions = [token for token in tokens if token.text == "+"]
    if len(additions) > MAX_ADDITIONS:
        raise _Refused(additions[MAX_ADDITIONS].at, f"more than {MAX_ADDITIONS} additions")
    for token, following in pairwise(tokens):
        if token.kind == "name" and following.text == "(" and token.text not in FUNCTIONS:
            raise _Refused(token.at, f"no function {token.text} can be called here")
    macros = _macro_calls(tokens)
    if len(macros) > MAX_MACROS:
        raise _Refused(tokens[macros[MAX_MACROS]].at, f"more than {MAX_MACROS} of all, exists, exists_one and filter")
    for at in macros:
        _judge_macro(tokens, at)
    _judge_lists(tokens)
    _judge_patterns(tokens)


def _judge_depth(tokens: Sequence[Token]) -> None:
    depth = 0
    for token in tokens:
        if token.kind == "sign" and token.text in "([":
            depth += 1
        elif token.kind == "sign" and token.text in ")]":
            depth -= 1
        if depth > MAX_DEPTH:
            raise _Refused(token.at, f"brackets are nested deeper than {MAX_DEPTH}")


def _macro_calls(tokens: Sequence[Token]) -> list[int]:
    """Where the names of macros stand that are called on something."""
    return [
        at
        for at in range(1, len(tokens) - 1)
        if tokens[at].text in MACROS and tokens[at].kind == "name" and tokens[at + 1].text == "("
    ]


def _judge_macro(tokens: Sequence[Token], at: int) -> None:
    name = tokens[at]
    if not _stands_on_path(tokens, at - 1):
        raise _Refused(name.at, f"{name.text} is called on a plain value, such as reading.values.list.{name.text}(…)")
    depth = 0
    for inside, token in enumerate(tokens[at + 1 :]):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return
        if inside and token.kind == "name" and token.text in MACROS | {"matches"}:
            raise _Refused(token.at, f"{token.text} cannot stand inside {name.text}")
        if inside > MAX_MACRO_TOKENS:
            raise _Refused(token.at, f"what stands inside {name.text} is longer than {MAX_MACRO_TOKENS} words and signs")


def _stands_on_path(tokens: Sequence[Token], dot: int) -> bool:
    """Whether what stands before this dot is a name with fields and literal indexes, and nothing computed."""
    if tokens[dot].text != ".":
        return False
    at = dot - 1
    while at >= 0:
        if tokens[at].text == "]" and at >= 2 and tokens[at - 2].text == "[" and tokens[at - 1].kind in ("text", "number"):
            at -= 3
        elif tokens[at].kind == "name" and at >= 1 and tokens[at - 1].text == ".":
            at -= 2
        else:
            return tokens[at].kind == "name" and (at == 0 or tokens[at - 1].text != ".")
    return False


def _judge_lists(tokens: Sequence[Token]) -> None:
    """A list that is written out holds literals: one of variables would be a value larger than any that came in."""
    inside_list: list[bool] = []
    for at, token in enumerate(tokens):
        if token.kind == "sign" and token.text in "([":
            follows_value = at > 0 and (tokens[at - 1].kind in ("name", "text") or tokens[at - 1].text in ")]")
            follows_value = follows_value and tokens[at - 1].text != "in"
            inside_list.append(token.text == "[" and not follows_value)
            if len(inside_list) > 1 and inside_list[-2]:
                raise _Refused(token.at, "a list that is written out holds only texts, numbers, true and false")
        elif token.kind == "sign" and token.text in ")]":
            inside_list[-1:] = []
        elif token.kind == "name" and token.text not in _LITERALS and inside_list and inside_list[-1]:
            raise _Refused(token.at, "a list that is written out holds only texts, numbers, true and false")


def _patterns(tokens: Sequence[Token]) -> list[int]:
    return [at for at, token in enumerate(tokens) if token.text == "matches" and token.kind == "name"]


def _judge_patterns(tokens: Sequence[Token]) -> None:
    calls = _patterns(tokens)
    if len(calls) > MAX_PATTERNS:
        raise _Refused(tokens[calls[MAX_PATTERNS]].at, f"more than {MAX_PATTERNS} patterns")
    for at in calls:
        arguments = [token.text for token in tokens[at + 1 : at + 4]]
        if len(arguments) < 3 or tokens[at + 2].kind != "text" or arguments[0] != "(" or arguments[2] != ")":
            raise _Refused(tokens[at].at, "matches takes one pattern, written as a string")
        pattern = arguments[1][1:-1]
        if len(pattern) > MAX_PATTERN_LENGTH:
            raise _Refused(tokens[at + 2].at, f"a pattern has at most {MAX_PATTERN_LENGTH} characters")
        if _COSTLY_PATTERN.search(pattern.replace("\\\\", "\\")):
            raise _Refused(
                tokens[at + 2].at, "a pattern has no classes such as \\d, no {counts} and no (?flags): write [0-9], aa, (ab)"
            )
