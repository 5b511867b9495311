"""The variables of a dashboard as fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.steps import StepField, changed, kinds_of, read, values_of
from penstock.api.console.shared.steps import StepKind as Kind

VARIABLES = "variables"
_NAME = StepField(name="name", label="Name", placeholder="room", help="Letters a to z, digits, _", required=True)
_LABEL = StepField(name="label", label="Shown as", placeholder="the name")
_AMONG = StepField(name="labels", label="Only devices with", type="words", placeholder="site=north", help="Labels, as key=value")
VARIABLE_KINDS = kinds_of(
    Kind(
        kind="device",
        label="A device",
        icon="cpu",
        text="The viewer chooses one device.",
        fields=(_NAME, _LABEL, _AMONG, StepField(name="default", label="Chosen at first", type="device", placeholder="none")),
    ),
    Kind(
        kind="label",
        label="A label",
        icon="tag",
        text="The viewer chooses the value of a label, and sees all devices that have it.",
        fields=(
            _NAME,
            _LABEL,
            StepField(name="label_key", label="Key of the label", placeholder="floor", required=True),
            _AMONG,
            StepField(name="default", label="Chosen at first", placeholder="all"),
        ),
    ),
)


def rearranged(form: Form) -> Form | None:
    """The form after one of its buttons added, removed or moved a variable; None if no such button was pressed."""
    return changed(form, {VARIABLES: VARIABLE_KINDS})


def variables_of(form: Form) -> list[dict[str, Any]]:
    """The variables in a form as the API expects them."""
    found = []
    for row in read(form, VARIABLES, VARIABLE_KINDS):
        pairs = (word.partition("=") for word in row.pop("labels", ()))
        labels = {key.strip(): value.strip() for key, _, value in pairs}
        found.append({"kind": row.pop("type")} | row | ({"labels": labels} if labels else {}))
    return found


def fields_of(variables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of a form that shows variables."""
    rows = [
        {**one, "type": one["kind"], "labels": [f"{key}={value}" for key, value in one.get("labels", {}).items()]}
        for one in variables
    ]
    return values_of(rows, VARIABLES, VARIABLE_KINDS)
