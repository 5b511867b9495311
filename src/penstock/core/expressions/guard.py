"""The limits of an expression's form, checked on its tokens before the engine sees it.

An evaluation cannot be interrupted, and it runs on the event loop. So anything that could make it long is rejected beforehand:
values that grow (`map`, maps, many additions), nested loops, loops over computed values, patterns that compile to large
automata, and lists of non-literals. Together with the limits on values in `variables.py`, the worst remaining expression takes
a few milliseconds.

The tokens here are a subset of CEL's: no raw, triple-quoted or byte strings and no comments, so that both parsers agree on
where a string ends.
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
"""Maximum characters of an expression."""
MAX_DEPTH = 16
"""Maximum depth of brackets: the parser recurses for each."""
MAX_ADDITIONS = 16
"""Each can join strings or lists, and joining copies everything before it."""
MAX_MACROS = 2
MAX_MACRO_TOKENS = 24
"""Maximum tokens inside the parentheses of a macro, which are evaluated once per entry of a list."""
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
"""The fields of a variable with their own fields; None means all of them."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """One token and its position, in characters from 0."""

    kind: str
    text: str
    at: int


def check(source: str, field: str) -> list[Token]:
    """The tokens of an expression that may be compiled.

    Raises:
        InvalidInput: it exceeds a limit, or contains a token that is not supported; the field is named.
    """
    if not source.strip():
        raise InvalidInput.field(field, "must not be empty", "expression")
    if len(source) > MAX_LENGTH:
        raise InvalidInput.field(field, f"must have at most {MAX_LENGTH} characters", "expression")
    tokens = _tokens(source, field)
    try:
        _check_tokens(tokens)
    except _Rejected as rejected:
        raise InvalidInput.field(field, f"{place(source, rejected.at)}: {rejected.reason}", "expression") from None
    return tokens


class Costs(msgspec.Struct, frozen=True, gc=False):
    """How many expensive operations an expression has."""

    additions: int = 0
    macros: int = 0
    patterns: int = 0

    def __add__(self, other: Costs) -> Costs:
        return Costs(self.additions + other.additions, self.macros + other.macros, self.patterns + other.patterns)

    @property
    def bearable(self) -> bool:
        """Whether one evaluation, or one template, may have this many."""
        return self.additions <= MAX_ADDITIONS and self.macros <= MAX_MACROS and self.patterns <= MAX_PATTERNS


def costs(tokens: Sequence[Token]) -> Costs:
    """The number of expensive operations in an expression."""
    return Costs(sum(token.text == "+" for token in tokens), len(_macro_calls(tokens)), len(_patterns(tokens)))


def fields_used(tokens: Sequence[Token], name: str) -> Fields | None:
    """The fields of a variable that an expression uses, each with the fields used of it; None if it can use any."""
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
    """The field that is read from a name or field; None if the whole value is used."""
    if at + 2 >= len(tokens) or tokens[at + 1].text != "." or tokens[at + 2].kind != "name":
        return None
    return None if tokens[at + 2].text in FUNCTIONS else tokens[at + 2].text


def flattened(source: str, tokens: Sequence[Token], names: AbstractSet[str]) -> tuple[str, list[tuple[str, ...]]] | None:
    """The expression with paths such as `reading.values.t` replaced by `_0_`, `_1_`, … and the paths, or None if it has others.

    A caller that has a value for each path can evaluate this instead, which avoids converting whole variables for the engine.
    """
    paths: dict[tuple[str, ...], str] = {}
    pieces: list[str] = []
    done = 0
    for at, token in enumerate(tokens):
        if token.kind != "name" or token.text == "has" or (at and tokens[at - 1].text == "."):
            if token.text == "has":
                return None  # it tests whether a path exists
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


class _Rejected(Exception):
    def __init__(self, at: int, reason: str) -> None:
        self.at, self.reason = at, reason
        super().__init__(reason)


def _tokens(source: str, field: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None or source.startswith("//", at):
            raise InvalidInput.field(field, f"{place(source, at)}: unexpected character", "expression")
        if match.lastgroup is not None:
            glued = tokens and match.lastgroup == "text" and tokens[-1].at + len(tokens[-1].text) == at
            if glued and tokens[-1].kind != "sign":  # r"", b"", """: string forms that this tokenizer does not support
                raise InvalidInput.field(field, f"{place(source, at)}: only plain strings are supported", "expression")
            tokens.append(Token(match.lastgroup, match[0], at))
        at = match.end()
    return tokens


def _check_tokens(tokens: Sequence[Token]) -> None:
    _check_depth(tokens)
    additions = [token for token in tokens if token.text == "+"]
    if len(additions) > MAX_ADDITIONS:
        raise _Rejected(additions[MAX_ADDITIONS].at, f"there must be at most {MAX_ADDITIONS} additions")
    for token, following in pairwise(tokens):
        if token.kind == "name" and following.text == "(" and token.text not in FUNCTIONS:
            raise _Rejected(token.at, f"function {token.text} is not supported")
    macros = _macro_calls(tokens)
    if len(macros) > MAX_MACROS:
        raise _Rejected(
            tokens[macros[MAX_MACROS]].at, f"there must be at most {MAX_MACROS} of all, exists, exists_one and filter"
        )
    for at in macros:
        _check_macro(tokens, at)
    _check_lists(tokens)
    _check_patterns(tokens)


def _check_depth(tokens: Sequence[Token]) -> None:
    depth = 0
    for token in tokens:
        if token.kind == "sign" and token.text in "([":
            depth += 1
        elif token.kind == "sign" and token.text in ")]":
            depth -= 1
        if depth > MAX_DEPTH:
            raise _Rejected(token.at, f"brackets must not be nested deeper than {MAX_DEPTH}")


def _macro_calls(tokens: Sequence[Token]) -> list[int]:
    """The positions of the names of macro calls."""
    return [
        at
        for at in range(1, len(tokens) - 1)
        if tokens[at].text in MACROS and tokens[at].kind == "name" and tokens[at + 1].text == "("
    ]


def _check_macro(tokens: Sequence[Token], at: int) -> None:
    name = tokens[at]
    if not _is_on_path(tokens, at - 1):
        raise _Rejected(name.at, f"{name.text} must be called on a path, such as reading.values.list.{name.text}(…)")
    depth = 0
    for inside, token in enumerate(tokens[at + 1 :]):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return
        if inside and token.kind == "name" and token.text in MACROS | {"matches"}:
            raise _Rejected(token.at, f"{token.text} is not allowed inside {name.text}")
        if inside > MAX_MACRO_TOKENS:
            raise _Rejected(token.at, f"the arguments of {name.text} must have at most {MAX_MACRO_TOKENS} tokens")


def _is_on_path(tokens: Sequence[Token], dot: int) -> bool:
    """Whether the expression before this dot is a path of names and literal indexes, without a computed value."""
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


def _check_lists(tokens: Sequence[Token]) -> None:
    """A list in an expression contains only literals: a list of variables could be larger than any value sent."""
    inside_list: list[bool] = []
    for at, token in enumerate(tokens):
        if token.kind == "sign" and token.text in "([":
            follows_value = at > 0 and (tokens[at - 1].kind in ("name", "text") or tokens[at - 1].text in ")]")
            follows_value = follows_value and tokens[at - 1].text != "in"
            inside_list.append(token.text == "[" and not follows_value)
            if len(inside_list) > 1 and inside_list[-2]:
                raise _Rejected(token.at, "a list in an expression must contain only strings, numbers, true and false")
        elif token.kind == "sign" and token.text in ")]":
            inside_list[-1:] = []
        elif token.kind == "name" and token.text not in _LITERALS and inside_list and inside_list[-1]:
            raise _Rejected(token.at, "a list in an expression must contain only strings, numbers, true and false")


def _patterns(tokens: Sequence[Token]) -> list[int]:
    return [at for at, token in enumerate(tokens) if token.text == "matches" and token.kind == "name"]


def _check_patterns(tokens: Sequence[Token]) -> None:
    calls = _patterns(tokens)
    if len(calls) > MAX_PATTERNS:
        raise _Rejected(tokens[calls[MAX_PATTERNS]].at, f"there must be at most {MAX_PATTERNS} patterns")
    for at in calls:
        arguments = [token.text for token in tokens[at + 1 : at + 4]]
        if len(arguments) < 3 or tokens[at + 2].kind != "text" or arguments[0] != "(" or arguments[2] != ")":
            raise _Rejected(tokens[at].at, "the argument of matches must be a single string literal")
        pattern = arguments[1][1:-1]
        if len(pattern) > MAX_PATTERN_LENGTH:
            raise _Rejected(tokens[at + 2].at, f"a pattern must have at most {MAX_PATTERN_LENGTH} characters")
        # In the literal a backslash is escaped; the pattern is checked as the engine compiles it.
        if _COSTLY_PATTERN.search(pattern.replace("\\\\", "\\")):
            raise _Rejected(
                tokens[at + 2].at, "a pattern must not contain classes such as \\d, {counts} or (?flags); use [0-9], aa, (ab)"
            )
