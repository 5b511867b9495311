"""Lists of things of different kinds in a form, such as the actions of a rule: each kind with its own fields.

The fields of the third action are named `actions[2].to`, as errors of the API name them, and its kind `actions[2].type`. The
buttons that add, remove and move one are named `do`, with a value such as `add:actions:email`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from penstock.api.console.shared.forms import Form
from penstock.kit.errors import InvalidInput

MAX_STEPS = 32


class StepField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a kind. `type` is that of `ui.field`, or `device`; `lines` and `words` are lists, and `json` an object.

    A field that must be sent even if it is empty is `required`.
    """

    name: str
    label: str
    type: str = "text"
    help: str = ""
    options: tuple[Any, ...] = ()
    placeholder: str = ""
    required: bool = False


class StepKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of step: its label and its fields."""

    kind: str
    label: str
    icon: str
    text: str = ""
    scope: str = ""
    fields: tuple[StepField, ...] = ()


Kinds = Mapping[str, StepKind]


def kinds_of(*kinds: StepKind) -> Kinds:
    """Kinds by their names."""
    return {one.kind: one for one in kinds}


def count_of(form: Form, prefix: str) -> int:
    """How many steps a form has: up to the first number without a kind."""
    return next(at for at in range(MAX_STEPS + 1) if at == MAX_STEPS or not form.has(f"{prefix}[{at}].type"))


def shown(form: Form, prefix: str, kinds: Kinds) -> list[dict[str, Any]]:
    """The steps of a form for its template.

    Shape: [{at, prefix, kind: StepKind, last}].
    """
    count = count_of(form, prefix)
    rows = []
    for at in range(count):
        name = form.value(f"{prefix}[{at}].type")
        kind = kinds.get(name) or StepKind(kind=name, label=name, icon="box")
        rows.append({"at": at, "prefix": f"{prefix}[{at}]", "kind": kind, "last": at == count - 1})
    return rows


def values_of(steps: Sequence[Mapping[str, Any]], prefix: str, kinds: Kinds) -> dict[str, Any]:
    """The values of a form that shows the steps of something that exists."""
    values: dict[str, Any] = {}
    for at, step in enumerate(steps):
        values[f"{prefix}[{at}].type"] = step["type"]
        kind = kinds.get(step["type"])
        for field in kind.fields if kind else ():
            values[f"{prefix}[{at}].{field.name}"] = _text(field, step.get(field.name))
    return values


def read(form: Form, prefix: str, kinds: Kinds) -> list[dict[str, Any]]:
    """The steps of a sent form as the API expects them. Fields that are empty and not required are left out.

    Raises:
        InvalidInput: a field is not JSON; the error names it.
    """
    return [_read_one(form, f"{prefix}[{at}]", kinds) for at in range(count_of(form, prefix))]


def changed(form: Form, kinds: Mapping[str, Kinds]) -> Form | None:
    """The form after one of its buttons added, removed or moved a step; None if no such button was pressed.

    `kinds` are the kinds by the prefix of their steps; `{n}` in a prefix is a number.
    """
    verb, _, rest = form.value("do").partition(":")
    prefix, _, what = rest.partition(":")
    known = kinds.get(re.sub(r"\[\d+\]", "[{n}]", prefix))
    if known is None or verb not in ("add", "remove", "up"):
        return None
    count = count_of(form, prefix)
    order: list[int | str] = list(range(count))
    if verb == "add":
        if what in known and count < MAX_STEPS:
            order.append(what)
    elif what.isdecimal() and int(what) < count:
        at = int(what)
        if verb == "remove":
            del order[at]
        elif at:
            order[at - 1], order[at] = order[at], order[at - 1]
    return form.rearranged(prefix, order)


def _read_one(form: Form, prefix: str, kinds: Kinds) -> dict[str, Any]:
    name = form.value(f"{prefix}.type")
    found: dict[str, Any] = {"type": name}
    kind = kinds.get(name)
    for field in kind.fields if kind else ():
        value = _value(form, f"{prefix}.{field.name}", field)
        if value not in ("", None, [], {}) or field.required:
            found[field.name] = value
    return found


def _value(form: Form, name: str, field: StepField) -> Any:
    if field.type == "words":
        return [word.strip() for word in form.value(name).split(",") if word.strip()]
    if field.type == "switch":
        return form.flag(name)
    if field.type == "number":
        return form.number(name)
    if field.type != "json":
        return form.value(name).strip()
    found = form.json(name)
    if found is not None and not isinstance(found, dict):
        raise InvalidInput.field(name, 'must be a JSON object, such as {"seconds": 10}')
    return found


def _text(field: StepField, value: Any) -> Any:
    if value is None:
        return ""
    if field.type == "words":
        return ", ".join(str(one) for one in value)
    if field.type == "json":
        return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() if value else ""
    return value
