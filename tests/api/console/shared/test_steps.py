"""Steps of several kinds in a form: added, moved, removed, and read as the API expects them."""

from __future__ import annotations

import pytest

from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.steps import MAX_STEPS, StepField, StepKind, changed, kinds_of, read, shown, values_of
from penstock.kit.errors import InvalidInput

KINDS = kinds_of(
    StepKind(
        kind="mail",
        label="Mail",
        icon="mail",
        fields=(
            StepField(name="to", label="To", type="words", required=True),
            StepField(name="text", label="Text"),
            StepField(name="on", label="On", type="switch"),
        ),
    ),
    StepKind(
        kind="call",
        label="Call",
        icon="globe",
        fields=(StepField(name="body", label="Body", type="json"), StepField(name="after", label="After", type="number")),
    ),
)
STEPS = [
    {"type": "mail", "to": ["a@b.example", "c@d.example"], "text": "x", "on": True},
    {"type": "call", "body": {"a": 1}, "after": 5},
]


def form_of(**more: str) -> Form:
    values = values_of(STEPS, "actions", KINDS) | more
    return Form({name: [str(value)] for name, value in values.items()})


def kinds_in(form: Form | None) -> list[str]:
    assert form is not None
    return [row["kind"].kind for row in shown(form, "actions", KINDS)]


def test_what_is_shown_is_what_is_read() -> None:
    assert read(form_of(**{"actions[0].on": "true"}), "actions", KINDS) == STEPS


def test_what_is_empty_is_left_out_unless_it_is_required() -> None:
    form = Form({"actions[0].type": ["mail"], "actions[0].to": [" "], "actions[0].text": [""]})
    assert read(form, "actions", KINDS) == [{"type": "mail", "to": [], "on": False}]


def test_steps_are_added_moved_and_removed_with_their_values() -> None:
    assert kinds_in(changed(form_of(do="add:actions:mail"), {"actions": KINDS})) == ["mail", "call", "mail"]
    assert kinds_in(changed(form_of(do="remove:actions:0"), {"actions": KINDS})) == ["call"]
    moved = changed(form_of(do="up:actions:1"), {"actions": KINDS})
    assert kinds_in(moved) == ["call", "mail"]
    assert moved is not None
    assert moved.value("actions[1].text") == "x"


@pytest.mark.parametrize("do", ["", "save", "add:other:mail", "drop:actions:0"])
def test_other_buttons_are_not_about_steps(do: str) -> None:
    assert changed(form_of(do=do), {"actions": KINDS}) is None


@pytest.mark.parametrize("do", ["add:actions:unknown", "remove:actions:9", "up:actions:x", "up:actions:0"])
def test_nonsense_changes_nothing(do: str) -> None:
    assert kinds_in(changed(form_of(do=do), {"actions": KINDS})) == ["mail", "call"]


def test_there_is_an_end_to_adding() -> None:
    full = Form({f"actions[{at}].type": ["mail"] for at in range(MAX_STEPS)} | {"do": ["add:actions:mail"]})
    assert len(kinds_in(changed(full, {"actions": KINDS}))) == MAX_STEPS


@pytest.mark.parametrize("text", ["{", "[1]", '"x"'])
def test_what_is_not_an_object_is_named(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(form_of(**{"actions[1].body": text}), "actions", KINDS)
    assert refused.value.errors[0].field == "actions[1].body"


def test_an_unknown_kind_is_shown_without_fields() -> None:
    (row,) = shown(Form({"actions[0].type": ["odd"]}), "actions", KINDS)
    assert (row["kind"].label, row["kind"].fields, row["last"]) == ("odd", (), True)
