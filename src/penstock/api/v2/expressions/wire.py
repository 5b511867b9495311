"""Previews of expressions exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from penstock.api.v2.wire import Id
from penstock.kit.wire_types import one_of

Source = Annotated[str, Meta(min_length=1, max_length=4_000)]
UseName = Literal["alert", "webhook", "rule"]
TriggerName = Literal["reading", "connectivity", "schedule", "event", "hook"]
Topics = Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(min_length=1, max_length=64)]


class Preview(Struct, frozen=True, forbid_unknown_fields=True):
    """An expression or a template, what it is for, and the values of its variables.

    Exactly one of `expression` and `template` is required. The template of an alert is the text of a message. `variables` are
    samples by name, such as `{"reading": {"values": {"t": 21.5}}}`; `reading_id` takes them from a stored reading, `device_id`
    from the latest reading of a device. A sample replaces a stored value. `trigger` is that of a
    rule, `topics` those of a webhook or of a rule's trigger `event`.
    """

    use: UseName
    expression: Source | None = None
    template: Source | None = None
    trigger: TriggerName = "reading"
    topics: Topics | None = None
    variables: dict[Annotated[str, Meta(max_length=64)], Any] = {}
    reading_id: Id | None = None
    device_id: Id | None = None


class PreviewError(Struct, frozen=True):
    """Why there is no value: `missing` if a variable has no such value, `failed` if it cannot be computed."""

    type: Annotated[str, one_of("missing", "failed")]
    detail: str


class Previewed(Struct, frozen=True):
    """The value of an expression with its type, or the text of a template, and what went wrong.

    `is_condition` is whether the expression can be used as a condition: it evaluates to true or false, or its type depends on
    the values. Times and durations are strings. `errors` are empty if everything could be evaluated.
    """

    value: Any
    type: str
    is_condition: bool
    errors: list[PreviewError]
