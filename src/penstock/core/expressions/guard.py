"""The limits of an expression's cost, computed on its syntax tree before it ever runs.

An evaluation cannot be interrupted, and it runs on the event loop. The engine itself bounds the depth of an expression and the
iterations of its loops; a pattern is matched in linear time. What remains is bounded here, by an estimate from above: each
node has a cost, times the iterations around it, and a value has a largest size, which grows by what is done to it. The values
that come from outside are bounded in `variables.py`. So the worst expression that is accepted takes a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from penstock.core.expressions.patterns import MAX_STATES, states
from penstock.core.expressions.syntax import Call, Constant, ListOf, Loop, MapOf, Name, Node, Select, children

MAX_LENGTH = 1_000
"""Maximum characters of an expression."""
MAX_COST = 150_000
"""In steps of about a tenth of a microsecond."""
MAX_ITERATIONS = 10_000
"""The engine ends an evaluation with more."""
MAX_SIZE = 8_000_000
"""Maximum characters of a value, with all that it contains."""
OUTSIDE_TEXT = 1_024
OUTSIDE_COUNT = 256
_CALLBACK = 25
"""The cost of a function that is written in Python."""
_CALLBACKS = frozenset({"_*_", "_/_", "_%_", "_-_", "timestamp", "charAt", "substring", "format", "replace", "split", "indexOf"})
_REWRITES = frozenset(
    {
        "replace",
        "join",
        "split",
        "format",
        "upperAscii",
        "lowerAscii",
        "reverse",
        "strings.quote",
        "base64.encode",
        "base64.decode",
    }
)
"""Functions that build a text character by character."""
_PLACES = re.compile(r"%(?:\.(\d{1,4})\d*)?([^%])", re.DOTALL | re.ASCII)
_SEARCHES = frozenset({"contains", "indexOf", "lastIndexOf", "replace", "split"})
"""Functions that look for a text in a text; in the worst case, they compare all of it at each place."""
_COMPARED = frozenset({"_==_", "_!=_", "@in"})


class Size(msgspec.Struct, frozen=True, gc=False):
    """The largest form of a value.

    `text` are the characters of its longest text and `count` the entries of its longest list or map, at any depth; `total` and
    `entries` are all characters and all entries that it contains.
    """

    text: int = 0
    count: int = 0
    total: int = 8
    entries: int = 0

    def __or__(self, other: Size) -> Size:
        return Size(*(max(pair) for pair in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)))

    def __add__(self, other: Size) -> Size:
        return Size(*(sum(pair) for pair in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)))

    @property
    def entry(self) -> Size:
        """An entry of a list. All entries together have no more than the list, so that each counts with its share."""
        share = -(-self.entries // self.count) if self.count else 0
        total = max(self.text, -(-self.total // self.count)) if self.count else self.total
        return Size(self.text, min(self.count, share), total, share)


OUTSIDE = Size(OUTSIDE_TEXT, OUTSIDE_COUNT, OUTSIDE_TEXT * OUTSIDE_COUNT, OUTSIDE_COUNT)
"""A value that comes from outside. The texts in a list are no longer than one alone."""
TEXT = Size(OUTSIDE_TEXT, 0, OUTSIDE_TEXT)
"""A value that comes from outside and is known to be a text."""
_SCALAR = Size(64, 0, 64)


class TooCostly(Exception):
    """An expression may cost too much. `node` is the place, by its id."""

    def __init__(self, node: int, reason: str) -> None:
        self.node, self.reason = node, reason
        super().__init__(reason)


class _Bound(msgspec.Struct, frozen=True, gc=False):
    """The variable of a loop, bound at this depth of loops.

    In the body of its own loop an entry counts with its `share`, because the list contains all of them. A
    further loop inside repeats what is done with one entry, so that there the `whole` list may be in a single one.
    """

    share: Size
    whole: Size
    depth: int


class Estimate:
    """The cost of one expression. `names` are the sizes of variables that are smaller than any value."""

    def __init__(self, names: Mapping[str, Size] | None = None) -> None:
        self.cost = 0
        self._outside = dict(names or {})
        self._names: dict[str, _Bound] = {}
        self._times = 1
        self._depth = 0
        self._base = -1
        """Variables bound at this depth or above count with their `whole`."""

    def of(self, node: Node) -> Size:
        """The largest size of a node's value; its cost is added.

        Raises:
            TooCostly: the cost or the size exceeds its maximum.
        """
        self._spend(node, 1)
        size = self._sized(node)
        if self._times and max(size.total, size.text) > MAX_SIZE:
            raise TooCostly(node.number, f"the value may have more than {MAX_SIZE} characters")
        return size

    def _sized(self, node: Node) -> Size:
        match node:
            case Constant(value=value):
                length = len(value) if isinstance(value, str | bytes) else 8
                return Size(length, 0, length)
            case Name():
                return self._named(node)
            case Select(operand=operand):
                return self.of(operand)
            case ListOf(entries=entries) | MapOf(entries=entries):
                sizes = [self.of(entry) for entry in entries]
                text = max((one.text for one in sizes), default=0)
                count = max([len(sizes), *(one.count for one in sizes)])
                return Size(text, count, sum(one.total for one in sizes), sum(one.entries + 1 for one in sizes))
            case Loop():
                return self._loop(node)
            case Call():
                return self._call(node)

    def _named(self, node: Name) -> Size:
        bound = None if node.absolute else self._names.get(node.name)
        if bound is None:
            return self._outside.get(node.name, OUTSIDE)
        return bound.share if bound.depth == self._depth > self._base else bound.whole

    def _whole(self, node: Node) -> Size:
        """The largest size of a node's value for a single entry of the loops around it. Its cost is not added."""
        before = self._times, self._base
        if self._times:
            self._times, self._base = 0, self._depth
        size = self.of(node)
        self._times, self._base = before
        return size

    def _spend(self, node: Node, cost: int) -> None:
        self.cost += cost * self._times
        if self.cost > MAX_COST:
            raise TooCostly(node.number, "the expression may take too long; use fewer or shorter loops, texts and patterns")

    def _loop(self, node: Loop) -> Size:
        over, initial = self.of(node.over), self.of(node.initial)
        whole, first = (self._whole(node.over), self._whole(node.initial)) if self._times else (over, initial)
        # Of a list that is written out, each entry may be the largest.
        literal = isinstance(node.over, ListOf | MapOf)
        often = min(len(children(node.over)) if literal else over.count, MAX_ITERATIONS)
        outer_times, outer_names, outer_depth = self._times, self._names, self._depth
        self._depth += 1 if often else 0
        entry = _Bound(over if literal else over.entry, whole, self._depth)
        self._names = outer_names | {node.variable: entry, node.accumulator: _Bound(initial, first, self._depth)}
        self._times = min(outer_times * often, MAX_ITERATIONS)
        self.of(node.condition)
        step = self.of(node.step)
        self._times, self._depth = outer_times, outer_depth
        if isinstance(node.initial, ListOf):
            self._spend(node, often * often // 5)  # each append copies the list so far
        # A macro appends to its list or replaces its value: what one step adds, it adds at most so often.
        made = _repeated(initial, step, often)
        self._names = outer_names | {node.accumulator: _Bound(made, _repeated(first, step, often), self._depth)}
        result = self.of(node.result)
        self._names = outer_names
        return result

    def _call(self, node: Call) -> Size:
        sizes = [self.of(one) for one in node.operands]
        if node.function == "matches":
            return self._matches(node, sizes)
        grows = _GROWS.get(node.function)
        size = grows(node, sizes) if grows else _DEFAULT(node, sizes)
        text = 0 if size is _SCALAR else max((one.text for one in [*sizes, size]), default=0)
        self._spend(node, text // (4 if node.function in _REWRITES else 128))
        self._spend(node, _CALLBACK if node.function in _CALLBACKS else 0)
        if node.function in _SEARCHES:
            self._spend(node, sizes[0].text * sizes[1].text // 2_000)
        if node.function in _COMPARED:
            entries, total = min(one.entries for one in sizes), min(one.total for one in sizes)
            self._spend(node, 2 * (sizes[-1].entries if node.function == "@in" else entries) + total // 1_000)
        if node.function in ("join", "format", "split"):
            self._spend(node, size.total // 8)
        return size

    def _matches(self, node: Call, sizes: list[Size]) -> Size:
        pattern = node.operands[-1]
        if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
            raise TooCostly(node.number, "the pattern of matches must be a constant")
        size = states(pattern.value)
        if size > MAX_STATES:
            raise TooCostly(node.number, "the pattern is too large; use smaller counts and fewer classes")
        self._spend(node, 50 + 10 * size + size * sizes[0].text // 20)
        return _SCALAR


def _repeated(initial: Size, step: Size, often: int) -> Size:
    if not often:
        return initial
    total, entries = initial.total + often * step.total, initial.entries + often * max(step.entries, 1)
    return Size(max(initial.text, step.text), max(often, step.count), total, entries)


def _joined(_: Call, sizes: list[Size]) -> Size:
    separator = sizes[1].text if len(sizes) > 1 else 0
    length = sizes[0].count * (sizes[0].text + separator)
    return Size(length, 0, length)


def _replaced(node: Call, sizes: list[Size]) -> Size:
    text, new = sizes[0].text, sizes[2].text if len(sizes) > 2 else 0
    old = node.operands[1] if len(sizes) > 1 else None
    known = len(old.value) if isinstance(old, Constant) and isinstance(old.value, str) else 0
    length = (text + 1) * new + text if not known else text + text // known * max(new - known, 0)
    return Size(length, 0, length)


def _formatted(node: Call, sizes: list[Size]) -> Size:
    form, entries = node.operands[0], node.operands[-1]
    known = isinstance(form, Constant) and isinstance(entries, ListOf)
    places = _PLACES.findall(str(form.value)) if isinstance(form, Constant) and known else []
    # A number has at most 310 digits before the point and 1,000 after it.
    length = sizes[0].text + sum(_width(digits, kind, sizes[-1]) for digits, kind in places)
    if not known:
        length += 2 * sizes[-1].total + sizes[-1].count * 1_400
    elif any(kind == "s" for _, kind in places):
        length += sizes[-1].total  # each place takes another entry
    return Size(length, 0, length)


def _width(digits: str, kind: str, entries: Size) -> int:
    """The characters of one place of a format. Only `%s` takes a list or a map, and only `%x` a text; all others take numbers."""
    return 310 + min(int(digits or 6), 1_000) + (2 * entries.text if kind in "xX" else 0)


def _split(node: Call, sizes: list[Size]) -> Size:
    limit = node.operands[-1]
    most = limit.value if isinstance(limit, Constant) and isinstance(limit.value, int) and limit.value > 0 else sizes[0].text + 1
    count = min(most, sizes[0].text + 1)
    return Size(sizes[0].text, count, sizes[0].text + count, count)


def _chosen(_: Call, sizes: list[Size]) -> Size:
    return sizes[-1] | sizes[-2]


def _added(_: Call, sizes: list[Size]) -> Size:
    return sizes[0] + sizes[-1] if len(sizes) > 1 else sizes[0]


def _widened(_: Call, sizes: list[Size]) -> Size:
    length = 2 * sizes[0].text + 64
    return Size(length, 0, length)


def _scalar(_: Call, __: list[Size]) -> Size:
    return _SCALAR


def _kept(_: Call, sizes: list[Size]) -> Size:
    return sizes[0] if sizes else _SCALAR


def _all_of(_: Call, sizes: list[Size]) -> Size:
    found = Size()
    for one in sizes:
        found = found | one
    return found


_DEFAULT = _all_of
_GROWS: Mapping[str, Callable[[Call, list[Size]], Size]] = {
    "_+_": _added,
    "_?_:_": _chosen,
    "_[_]": _kept,
    "join": _joined,
    "replace": _replaced,
    "format": _formatted,
    "split": _split,
    **dict.fromkeys(("string", "bytes", "strings.quote", "base64.encode", "base64.decode", "upperAscii", "lowerAscii"), _widened),
    **dict.fromkeys(("_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "size"), _scalar),
    **dict.fromkeys(("contains", "startsWith", "endsWith", "int", "uint", "double", "bool", "type", "indexOf"), _scalar),
    **dict.fromkeys(("timestamp", "duration", "lastIndexOf", "hasValue", "@not_strictly_false"), _scalar),
    **dict.fromkeys(("_-_", "_*_", "_/_", "_%_", "-_"), _scalar),
}
