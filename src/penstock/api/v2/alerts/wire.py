"""Alerts and their events exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.evaluation_errors import EvaluationErrors
from penstock.api.v2.wire import Id, Labels, Name, NewestFirst, Text, Word
from penstock.core.alerts.models import ClearReason
from penstock.core.notifications.models import Severity
from penstock.kit.wire_types import Moment, one_of

Time = Annotated[str, Meta(max_length=40)]
Seconds = Annotated[int, Meta(ge=0, le=31_536_000)]
SomeSeconds = Annotated[int, Meta(ge=1, le=31_536_000)]
# The 64 bits of an integer in SQLite.
Integer = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Number = Annotated[float, Meta(ge=-1e300, le=1e300)]
# Without control characters, spaces and separators, so that an address cannot add a header or a recipient to a mail.
Email = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=254,
        pattern=r"^[^@\s<>,;\x00-\x1f]+@[^@\s<>,;\x00-\x1f]+$(?!\n)",
        extra={"form": "an e-mail address"},
    ),
]
# E.164: a plus sign, and at most 15 digits, of which the first is not zero.
Phone = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{4,14}$(?!\n)", extra={"form": "a phone number such as +32470123456"})]
# 24:00 is the end of a day, as 00:00 is its start.
ClockTime = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)|^24:00$(?!\n)", extra={"form": "a time such as 07:30"})
]
SeverityName = Literal["info", "warning", "critical", "high", "medium", "low"]
"""Penstock's values are info, warning and critical. High is accepted for critical, medium and low for warning."""
OperatorName = Literal[">", ">=", "<", "<=", "==", "!=", "between", "outside"]
Template = Annotated[str, Meta(max_length=4000)]
"""A string with `{{ expressions }}` over `alert` and `device`."""
Bounds = Annotated[list[Number], Meta(min_length=2, max_length=2)]
Corner = Annotated[list[Number], Meta(min_length=2, max_length=2)]


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """The monitored devices: set one of the four. With `labels`, the devices that have all of them."""

    devices: Annotated[list[Id], Meta(max_length=500)] | None = None
    project_id: Id | None = None
    labels: Labels | None = None
    all: bool = False


class Threshold(Struct, frozen=True, forbid_unknown_fields=True, tag="threshold", tag_field="type"):
    """A value on one side of a bound. `between` and `outside` have two bounds, which count as inside."""

    field: Name
    operator: OperatorName
    value: Integer | float | bool | Annotated[str, Meta(max_length=200)] | Bounds


class ValueChange(Struct, frozen=True, forbid_unknown_fields=True, tag="change", tag_field="type"):
    """A value that differs from the previous one; for a number, by more than `by`."""

    field: Name
    by: Annotated[float, Meta(ge=0, le=1e300)] = 0.0


class RateOfChange(Struct, frozen=True, forbid_unknown_fields=True, tag="rate", tag_field="type"):
    """The change of a number from one reading to the next, per `per_s` seconds."""

    field: Name
    operator: Literal[">", ">=", "<", "<=", "between", "outside"]
    value: Number | Bounds
    per_s: SomeSeconds = 60


class NoData(Struct, frozen=True, forbid_unknown_fields=True, tag="no_data", tag_field="type"):
    """The device has not been seen for this long."""

    after_s: SomeSeconds


class Connectivity(Struct, frozen=True, forbid_unknown_fields=True, tag="connectivity", tag_field="type"):
    """The device went offline or came online; with `for_s`, it stayed so for this long."""

    state: Literal["online", "offline"]


class Geofence(Struct, frozen=True, forbid_unknown_fields=True, tag="geofence", tag_field="type"):
    """The device's position relative to a circle (`center` and `radius_m`) or a polygon. Points are [latitude, longitude]."""

    when: Literal["enter", "exit", "outside"]
    center: Corner | None = None
    radius_m: Annotated[float, Meta(gt=0, le=20_000_000)] | None = None
    polygon: Annotated[list[Corner], Meta(max_length=200)] = []
    latitude_field: Name = "lat"
    longitude_field: Name = "lng"


class Expression(Struct, frozen=True, forbid_unknown_fields=True, tag="expression", tag_field="type"):
    """CEL over `reading.values`, `reading.time`, `device.id`, `device.name`, `device.type` and `device.labels`."""

    expression: Annotated[str, Meta(min_length=1, max_length=1000)]


class RaisedByRule(Struct, frozen=True, tag="rule", tag_field="type"):
    """No condition: a rule raises the alert under this name, and clears it. Only rules create such alerts."""

    rule_id: str
    name: str


Condition: TypeAlias = Annotated[
    Threshold | ValueChange | RateOfChange | NoData | Connectivity | Geofence | Expression, Meta(title="AlertCondition")
]
ShownCondition: TypeAlias = Annotated[Condition | RaisedByRule, Meta(title="ShownAlertCondition")]


class NOfM(Struct, frozen=True, forbid_unknown_fields=True):
    """The condition must be true at `n` of the last `m` readings."""

    n: Annotated[int, Meta(ge=1, le=60)]
    m: Annotated[int, Meta(ge=1, le=60)]


class ActiveHours(Struct, frozen=True, forbid_unknown_fields=True):
    """When an alert can be raised: days (1 Monday to 7 Sunday) and local hours in a time zone.

    If the end is before the start, the span continues past midnight and belongs to the day on which it starts.
    """

    time_zone: Word
    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)] = msgspec.field(
        default_factory=lambda: [1, 2, 3, 4, 5, 6, 7]
    )
    from_: ClockTime = msgspec.field(name="from", default="00:00")
    to: ClockTime = "24:00"


class WebhookAction(Struct, frozen=True, forbid_unknown_fields=True, tag="webhook", tag_field="type"):
    """Webhooks receive every alert through their subscription. This action only states so; it has no effect."""

    on_clear: bool = False


class EmailAction(Struct, frozen=True, forbid_unknown_fields=True, tag="email", tag_field="type"):
    """A mail to each of these addresses. `subject` and `text` are templates; the default mail is used without them."""

    to: Annotated[list[Email], Meta(min_length=1, max_length=20)]
    on_clear: bool = False
    subject: Annotated[str, Meta(max_length=500)] = ""
    text: Template = ""


class CommandAction(Struct, frozen=True, forbid_unknown_fields=True, tag="command", tag_field="type"):
    """A command for the alert's device, or for the device in `device_id`."""

    definition_id: Id
    device_id: Id | None = None
    parameters: dict[str, Any] = {}
    on_clear: bool = False


class SmsAction(Struct, frozen=True, forbid_unknown_fields=True, tag="sms", tag_field="type"):
    """A text message to each of these numbers (E.164). `text` is a template."""

    to: Annotated[list[Phone], Meta(min_length=1, max_length=20)]
    on_clear: bool = False
    text: Template = ""


class ChatAction(Struct, frozen=True, forbid_unknown_fields=True, tag="chat", tag_field="type"):
    """A message in the chat channel with this name. `text` is a template."""

    channel: Name
    on_clear: bool = False
    text: Template = ""


Action: TypeAlias = Annotated[WebhookAction | EmailAction | CommandAction | SmsAction | ChatAction, Meta(title="AlertAction")]
Actions = Annotated[list[Action], Meta(max_length=20)]


class EscalationStep(Struct, frozen=True, forbid_unknown_fields=True):
    """Additional actions if the alert event is not acknowledged within this time."""

    after_s: SomeSeconds
    actions: Actions


Escalation = Annotated[list[EscalationStep], Meta(max_length=10)]


class AlertCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """An alert to create.

    `for_s`: how long the condition must be true, in readings at most `max_gap_s` apart. `hysteresis`: how far a value must
    return past the threshold before the alert is cleared. `cooldown_s`: the minimum time between two raises for one device.
    `auto_clear_s`: the alert is cleared if the condition was not true for this long. `backfill`: whether backfill is evaluated
    too.
    """

    name: Name
    target: Target
    condition: Condition
    description: Text = ""
    severity: SeverityName = "warning"
    enabled: bool = True
    for_s: Seconds = 0
    max_gap_s: SomeSeconds | None = None
    hysteresis: Annotated[float, Meta(ge=0, le=1e300)] = 0.0
    n_of_m: NOfM | None = None
    active_hours: ActiveHours | None = None
    cooldown_s: Seconds = 0
    auto_clear_s: SomeSeconds | None = None
    actions: Actions = []
    escalation: Escalation = []
    backfill: bool = False


class AlertPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of an alert: omitted fields are unchanged, null clears a field.

    A change of the target, the condition, its timing, `enabled` or `backfill` clears the open alert events.
    """

    name: Name | UnsetType = UNSET
    target: Target | UnsetType = UNSET
    condition: Condition | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    severity: SeverityName | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    for_s: Seconds | UnsetType = UNSET
    max_gap_s: SomeSeconds | UnsetType | None = UNSET
    hysteresis: Annotated[float, Meta(ge=0, le=1e300)] | UnsetType = UNSET
    n_of_m: NOfM | UnsetType | None = UNSET
    active_hours: ActiveHours | UnsetType | None = UNSET
    cooldown_s: Seconds | UnsetType = UNSET
    auto_clear_s: SomeSeconds | UnsetType | None = UNSET
    actions: Actions | UnsetType = UNSET
    escalation: Escalation | UnsetType = UNSET
    backfill: bool | UnsetType = UNSET


class Alert(Struct, frozen=True):
    """An alert: the monitored devices, the condition, and the actions when it is raised.

    With `snoozed_until` it notifies no one until then, on any device; `snoozed_by` is who snoozed it.
    """

    id: str
    name: str
    description: str
    target: Target
    condition: ShownCondition
    severity: Annotated[str, one_of(*Severity)]
    enabled: bool
    for_s: int
    max_gap_s: int | None
    hysteresis: float
    n_of_m: NOfM | None
    active_hours: ActiveHours | None
    cooldown_s: int
    auto_clear_s: int | None
    actions: list[Action]
    escalation: list[EscalationStep]
    backfill: bool
    last_raised_at: str | None
    snoozed_until: str | None
    snoozed_by: str | None
    evaluation_errors: EvaluationErrors
    created_at: str
    updated_at: str


class AlertQuery(NewestFirst, frozen=True, forbid_unknown_fields=True):
    """Filters for alerts. A device or project selects those that name it; `q` and `text` are found in name and description."""

    status: Literal["enabled", "disabled", "active"] | None = None
    severity: SeverityName | None = None
    device_id: Id | None = None
    project_id: Id | None = None
    text: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class AlertTest(Struct, frozen=True, forbid_unknown_fields=True):
    """The device to test the actions with; by default the first that the alert names."""

    device_id: Id | None = None


class AlertTested(Struct, frozen=True):
    """How many actions are executed as a test."""

    actions: int


class AlertPreview(Struct, frozen=True, forbid_unknown_fields=True):
    """An alert that is not stored, a device, and a range of event times: `from` and `to`, or a length such as `24h`."""

    device_id: Id
    condition: Condition
    for_s: Seconds = 0
    max_gap_s: SomeSeconds | None = None
    hysteresis: Annotated[float, Meta(ge=0, le=1e300)] = 0.0
    n_of_m: NOfM | None = None
    active_hours: ActiveHours | None = None
    cooldown_s: Seconds = 0
    auto_clear_s: SomeSeconds | None = None
    backfill: bool = False
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=16)] | None = None


class WouldBeRaised(Struct, frozen=True):
    """One time that the alert would have been raised. Without `cleared_at` it would still be raised at the end."""

    raised_at: str
    value: int | float | bool | str | None
    cleared_at: str | None
    clear_reason: Annotated[str, one_of(*ClearReason)] | None
    clear_value: int | float | bool | str | None


class AlertPreviewed(Struct, frozen=True):
    """How often the alert would have been raised, and the first 500 `times`.

    `from` and `to` are the range within the plan's retention. `evaluated_to` is earlier than `to` if the range has more than
    10,000 readings, or ends in the future. `readings` counts the readings that were evaluated, or for `connectivity` the changes;
    `suppressed` counts how often cooldown or active hours would have prevented the alert from being raised.
    """

    from_: Moment = msgspec.field(name="from")
    to: Moment
    evaluated_to: Moment
    readings: int
    raised: int
    suppressed: int
    times: list[WouldBeRaised]
    evaluation_errors: EvaluationErrors
