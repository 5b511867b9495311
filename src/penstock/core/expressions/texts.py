"""The functions of texts that take a place or a count: the engine's take an int, and a number of JSON is a double.

The places of texts are those of characters, as in the engine.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from cel_expr_python import cel
from cel_expr_python.ext.ext_strings import ExtStrings

from penstock.core.expressions.numbers import Number, integral, of_whole_numbers, whole

Type = cel.Type
_TEXT = Type.STRING
_ENGINE = cel.NewEnv(
    variables={"form": _TEXT, "entries": Type.List(Type.DYN), "at": Type.TIMESTAMP, "span": Type.DURATION},
    extensions=[ExtStrings()],
)
_FORMAT, _TIME, _DURATION = (_ENGINE.compile(source) for source in ("form.format(entries)", "string(at)", "string(span)"))
_INTEGERS = re.compile(r"%(?:\.\d+)?[dxXbo]")
REPLACED = {"format": "render", "substring": "textpiece"}
"""Functions that are replaced in a checked expression, with their replacement: a name of the same length."""


def functions() -> list[cel.FunctionDecl]:
    """The functions with a double in the place of an int."""
    return [
        of_whole_numbers("charAt", _TEXT, [_TEXT], 1, char_at),
        of_whole_numbers("substring", _TEXT, [_TEXT], 1, substring, more=2),
        of_whole_numbers("indexOf", Type.INT, [_TEXT, _TEXT], 1, index_of),
        of_whole_numbers("lastIndexOf", Type.INT, [_TEXT, _TEXT], 1, last_index_of),
        of_whole_numbers("replace", _TEXT, [_TEXT, _TEXT, _TEXT], 1, replace),
        of_whole_numbers("split", Type.List(_TEXT), [_TEXT, _TEXT], 1, split),
    ]


def replacements() -> list[cel.FunctionDecl]:
    """What replaces functions of the engine.

    Its `format` does not take 21 for an integer if it is a double, and its `substring` rejects the end of a text as the end.
    """
    rendered = cel.Overload("render_list", _TEXT, [_TEXT, Type.List(Type.DYN)], is_member=True, impl=render)
    pieces = [cel.Overload(f"piece_{at}", _TEXT, [_TEXT, *[Type.DYN] * at], is_member=True, impl=substring) for at in (1, 2)]
    return [cel.FunctionDecl(REPLACED["format"], [rendered]), cel.FunctionDecl(REPLACED["substring"], pieces)]


def needs_integers(form: str) -> bool:
    """Whether a format has a place for an integer, which the engine does not fill with a double."""
    return _INTEGERS.search(form) is not None


def render(form: str, entries: list[object]) -> object:
    """The format with its places filled.

    Raises:
        ValueError: a value does not fit its place.
    """
    found = _FORMAT.eval(data={"form": form, "entries": [_entry(one) for one in entries]})
    if found.type() == Type.ERROR:
        raise ValueError(str(found.plain_value()))
    return found.plain_value()


def _entry(value: object) -> object:
    """A value as the engine accepts it in a list: it does not accept times and types there."""
    match value:
        case datetime():
            return _TIME.eval(data={"at": value}).plain_value()
        case timedelta():
            return _DURATION.eval(data={"span": value}).plain_value()
        case Type():
            return value.name().lower()
        case dict():
            return {key: _entry(one) for key, one in value.items()}
        case list():
            return [_entry(one) for one in value]
        case _:
            return integral(value)


def char_at(text: str, at: Number) -> str:
    """The character at a place; an empty text behind the last one."""
    index = _place(text, at)
    return text[index : index + 1]


def substring(text: str, start: Number, end: Number | None = None) -> str:
    """The part of a text between two places.

    Raises:
        ValueError: a place is not in the text, or the end is before the start.
    """
    first, last = _place(text, start), len(text) if end is None else _place(text, end)
    if first > last:
        raise ValueError("the start of a substring must not be after its end")
    return text[first:last]


def index_of(text: str, part: str, start: Number) -> int:
    """Where a part first occurs from a place on; -1 if it does not."""
    return text.find(part, _place(text, start))


def last_index_of(text: str, part: str, last: Number) -> int:
    """Where a part last occurs, at this place or before; -1 if it does not."""
    return text.rfind(part, 0, _place(text, last) + len(part))


def replace(text: str, old: str, new: str, count: Number) -> str:
    """A text with the first `count` of its parts replaced; all if it is negative."""
    return text.replace(old, new, whole(count))


def split(text: str, separator: str, limit: Number) -> list[str]:
    """The parts of a text, at most `limit`; all if it is negative."""
    most = whole(limit)
    if not most:
        return []
    if separator:
        return text.split(separator, most - 1 if most > 0 else -1)
    at = len(text) if most < 0 else most - 1
    return [*text[:at], *([text[at:]] if at < len(text) else [])]


def _place(text: str, at: Number) -> int:
    index = whole(at)
    if not 0 <= index <= len(text):
        raise ValueError(f"the index {index} is out of range")
    return index
