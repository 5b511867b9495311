"""Values of a form as a browser sent them, and what the API says about them.

The API checks values, not the console: a form turns texts into the JSON that an operation expects, sends what cannot be turned as
it is, and shows the API's errors next to the fields that they name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import msgspec

from penstock.kit.errors import InvalidInput

MAX_FIELDS = 2_000
_INTEGER = re.compile(r"[+-]?\d{1,15}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")

_ENTRY = re.compile(r"\[(\d{1,6})\]")
"""What an error about one entry of a list has after the list's name."""


class Form:
    """A form with its values and errors. An empty one shows the form for the first time."""

    def __init__(self, values: Mapping[str, Sequence[str]] | None = None) -> None:
        self._values = {name: list(all_) for name, all_ in (values or {}).items()}
        self.errors: dict[str, str] = {}
        """What is wrong with a field, by its name in the API, such as `location.latitude`."""
        self.problem = ""
        """What is wrong with the form as a whole."""

    @classmethod
    def of(cls, body: bytes) -> Form:
        """The form in a request's body.

        Raises:
            InvalidInput: it is not a form, or has too many fields.
        """
        try:
            return cls(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"))
        except ValueError as error:
            raise InvalidInput.field("", "is not a form of at most 2,000 fields in UTF-8") from error

    @classmethod
    def showing(cls, values: Mapping[str, Any]) -> Form:
        """A form that shows the values of something that exists."""
        return cls({name: _texts(value) for name, value in values.items()})

    def value(self, name: str, default: str = "") -> str:
        """A field's text."""
        found = self._values.get(name)
        return found[-1] if found else default

    def all(self, name: str) -> list[str]:
        """All values of a field that can be chosen several times, without empty ones."""
        return [one for one in self._values.get(name, []) if one != ""]

    def has(self, name: str) -> bool:
        """Whether the browser sent the field: an unchecked box is not sent."""
        return name in self._values

    def drop(self, name: str) -> None:
        """Forget what was typed into a field, such as a secret that must not be sent back."""
        self._values.pop(name, None)

    def flag(self, name: str) -> bool:
        """Whether a box is checked."""
        return self.value(name) in ("on", "true", "1")

    def number(self, name: str) -> int | float | str | None:
        """A number; None if the field is empty. Other text stays text, which the API then refuses by the field's name."""
        text = self.value(name).strip()
        if not text:
            return None
        if _INTEGER.fullmatch(text):
            return int(text)
        number = float(text) if _NUMBER.fullmatch(text) else math.inf
        return number if math.isfinite(number) else text  # JSON has no infinity: 1e999 would be sent as null, which is allowed

    def lines(self, name: str) -> list[str]:
        """The lines of a text, without empty ones."""
        return [line.strip() for line in self.value(name).splitlines() if line.strip()]

    def pairs(self, name: str) -> dict[str, str | None]:
        """Lines of `key=value`, such as labels. A line without `=` has no value, which the API refuses by its key."""
        parts = (line.partition("=") for line in self.lines(name))
        return {key.strip(): value.strip() if equals else None for key, equals, value in parts}

    def json(self, name: str) -> Any:
        """JSON that was typed into a field; None if it is empty.

        Raises:
            InvalidInput: it is not JSON.
        """
        text = self.value(name).strip()
        if not text:
            return None
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise InvalidInput.field(name, f"is not JSON: {error}") from None
        except RecursionError:
            raise InvalidInput.field(name, "is nested too deeply") from None

    def body(self, *texts: str, **others: Any) -> dict[str, Any]:
        """The body of a call: the named text fields, and other values. What is empty is left out."""
        found: dict[str, Any] = {name: self.value(name).strip() for name in texts}
        return {name: value for name, value in (found | others).items() if value not in ("", None)}

    def rearranged(self, prefix: str, order: Sequence[int | str]) -> Form:
        """The form with the numbered fields `prefix[0]`, `prefix[1]` … in another order. A word adds one of this type."""
        kept = {name: all_ for name, all_ in self._values.items() if not name.startswith(f"{prefix}[")}
        for at, old in enumerate(order):
            if isinstance(old, str):
                kept[f"{prefix}[{at}].type"] = [old]
                continue
            before = f"{prefix}[{old}]"
            kept |= {f"{prefix}[{at}]{n.removeprefix(before)}": all_ for n, all_ in self._values.items() if n.startswith(before)}
        return Form(kept)

    def failed(self, problem: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Form:
        """The form with the errors of a problem document. `names` are fields that have another name in the API than here."""
        ours = {theirs: name for name, theirs in (names or {}).items()}
        found = [(ours.get(one["field"], one["field"]), one["detail"]) for one in problem.get("errors", ())]
        self.errors = {
            name: "is required" if _is_missing(text) and not self.value(name).strip() else text for name, text in found
        }
        self.problem = str(problem.get("detail", ""))
        return self

    def error(self, name: str) -> str:
        """What is wrong with a field, or with a part of it; empty if nothing is."""
        if name in self.errors:
            return self.errors[name]
        inside = (f"{name}.", f"{name}[")
        found = next(((field, text) for field, text in self.errors.items() if field.startswith(inside)), None)
        if found is None:
            return ""
        entry = _ENTRY.fullmatch(found[0].removeprefix(name))
        return f"entry {int(entry[1]) + 1}: {found[1]}" if entry else ": ".join(found)


def _is_missing(text: str) -> bool:
    """Whether an error says no more than that a value is needed, if there was none."""
    return text.startswith(("must not be null", "must have 1 to "))


def _texts(value: Any) -> list[str]:
    if value is None:
        return [""]
    if isinstance(value, bool):
        return ["true"] if value else []
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, dict):
        return ["\n".join(f"{key}={one}" for key, one in value.items())]
    return [str(value)]
