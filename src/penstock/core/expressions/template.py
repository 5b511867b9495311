"""Strings that contain expressions: `{{ reading.values.t }} °C in {{ device.name }}`.

Each pair of braces contains an expression, with the limits of every expression. A value is inserted once and never parsed
again,
so braces sent by a device are plain text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from penstock.core.expressions.expression import ErrorReason, Expression, compile_expression
from penstock.core.expressions.guard import MAX_COST
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import Variables
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput

MAX_LENGTH = 4_000
"""Maximum characters of a template."""
MAX_PLACES = 20
MAX_TEXT = 16_384
"""Maximum characters of the result."""


class Rendered(msgspec.Struct, frozen=True, gc=False):
    """A rendered text, and the reasons for missing values, if any. `failed` are those of values that could not be computed."""

    text: str
    problems: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Escaping for text that users read: unchanged."""
    return text


def in_url(text: str) -> str:
    """Escaping for a part of a URL: any character that could end the part is percent-encoded."""
    return quote(text, safe="")


class Template:
    """A compiled template."""

    __slots__ = ("_parts", "cost", "source")

    def __init__(self, source: str, parts: tuple[str | Expression, ...], cost: int = 0) -> None:
        self.source = source
        self.cost = cost
        self._parts = parts

    @property
    def names(self) -> frozenset[str]:
        """The variables that its expressions use; empty for constant text."""
        return frozenset().union(*(part.names for part in self._parts if isinstance(part, Expression)))

    def render(self, variables: Variables, escape: Callable[[str], str] = plain) -> Rendered:
        """Render the template. A missing value is rendered as nothing and reported as a problem."""
        out: list[str] = []
        problems: list[str] = []
        failed: list[str] = []
        length = 0
        for part in self._parts:
            length += len(out[-1]) if out else 0
            if length > MAX_TEXT:
                break
            if isinstance(part, str):
                out.append(part)
                continue
            result = part.evaluate(variables)
            if result.ok:
                out.append(escape(as_text(result.value)))
            else:
                out.append("")
                problems.append(f"{part.source}: {result.reason}")
                failed += [problems[-1]] if result.error is ErrorReason.FAILED else []
        text = "".join(out)
        if len(text) > MAX_TEXT:
            problems.append(f"the text was truncated to {MAX_TEXT} characters")
        return Rendered(text[:MAX_TEXT], tuple(problems), tuple(failed))


def compile_template(source: str, field: str, scope: Scope) -> Template:
    """Compile a template over these variables.

    Raises:
        InvalidInput: it is too long, has too many placeholders or unclosed braces, or an expression is rejected; `field` is
            named.
    """
    if len(source) > MAX_LENGTH:
        raise InvalidInput.field(field, f"must have at most {MAX_LENGTH} characters", "template")
    pieces = _split(source)
    texts, expressions = pieces[::2], pieces[1::2]
    if any("{{" in text for text in texts):
        raise InvalidInput.field(field, "must close every {{ with }}", "template")
    if len(expressions) > MAX_PLACES:
        raise InvalidInput.field(field, f"must have at most {MAX_PLACES} placeholders", "template")
    parts: list[str | Expression] = [texts[0]]
    cost = 0
    for expression, text in zip(expressions, texts[1:], strict=True):
        compiled = compile_expression(expression.strip(), field, scope)
        cost += compiled.cost
        parts += [compiled, text]
    # The limits of an expression apply to the whole template, because rendering evaluates all of its expressions at once.
    if cost > MAX_COST:
        raise InvalidInput.field(field, "must not take longer with all its expressions than one expression may", "template")
    return Template(source, tuple(part for part in parts if part != ""), cost)


def _split(source: str) -> list[str]:
    """Text, expression, text, … Not a regular expression, which would scan the rest of the text for each unclosed brace."""
    pieces: list[str] = []
    at = 0
    while (begin := source.find("{{", at)) >= 0 and (end := source.find("}}", begin + 2)) >= 0:
        pieces += [source[at:begin], source[begin + 2 : end]]
        at = end + 2
    return [*pieces, source[at:]]


def as_text(value: Any) -> str:
    """A value in readable form: integral doubles without a point, true and false, times in RFC 3339, seconds of a duration."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return format_time(int(value.timestamp()) * 1_000_000 + value.microsecond)
    if isinstance(value, timedelta):
        return f"{_number(value.total_seconds())}s"
    return msgspec.json.encode(value, enc_hook=str).decode()


def _number(value: float) -> str:
    # Above 10^15 not every integer has a double, so digits would be shown that the value does not have.
    return str(int(value)) if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15) else repr(value)
