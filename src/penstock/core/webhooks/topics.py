"""The catalogue of topics: every event that an endpoint can receive, in one place.

An endpoint names topics, or all with a common prefix: `alert.*`. `sent` is false for a topic that is accepted although this
version does not send it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from penstock.core.commands.models import State
from penstock.core.tenancy.event_scopes import scopes_of
from penstock.kit.errors import InvalidInput

TEST = "webhook.test"
BATCH = "reading.batch"
AUDIT = "audit.event"
ENDPOINT_DISABLED = "webhook.endpoint.disabled"
READING = "reading."
_KIND = re.compile(r"[a-z_]{1,32}", re.ASCII)


class Topic(msgspec.Struct, frozen=True):
    """One topic."""

    name: str
    about: str
    sent: bool = True

    @property
    def scope(self) -> str:
        """The scope that an endpoint's author needs, and a reader of its payloads."""
        return next(iter(scopes_of([self.name])))


_TOPICS = (
    Topic("reading.telemetry", "A device reported values."),
    Topic("reading.agent", "An agent reported about itself."),
    Topic("reading.status", "A device reported its status."),
    Topic("reading.other", "A device sent a reading of another kind."),
    Topic("device.created", "A device was created."),
    Topic("device.updated", "A device was changed, paused or resumed."),
    Topic("device.token_regenerated", "A device got another access token."),
    Topic("device.deleted", "A device was deleted."),
    Topic("device.online", "A device went online."),
    Topic("device.offline", "A device went offline."),
    *(Topic(f"command.{state.value}", f"An execution of a command changed to the state {state.value}.") for state in State),
    Topic(AUDIT, "An entry was added to the audit log; can be filtered by action."),
    Topic(ENDPOINT_DISABLED, "A webhook endpoint was disabled because its messages could not be delivered."),
    Topic("device.event", "A network server reported an event of a device, such as a join."),
    Topic("codec.redecode.finished", "A re-decode ended; the event states its result."),
    Topic("alert.raised", "An alert was raised."),
    Topic("alert.acknowledged", "An alert was acknowledged."),
    Topic("alert.escalated", "An alert was not acknowledged in time, and the next step of its escalation was executed."),
    Topic("alert.repeated", "An alert's condition was still true at a reading after its cooldown."),
    Topic("alert.cleared", "An alert was cleared."),
    Topic("alert.snoozed", "An alert was snoozed: for a while it notifies no one."),
    Topic(
        "meter.alarm.opened",
        "An alarm of a meter was opened, such as continuous flow.",
    ),
    Topic("meter.alarm.acknowledged", "An alarm of a meter was acknowledged."),
    Topic("meter.alarm.closed", "An alarm of a meter ended."),
    Topic("rule.running", "A version of a rule was deployed."),
    Topic("rule.stopped", "A rule was stopped by a user."),
    Topic("rule.force_stopped", "A rule was stopped automatically; the event states the reason."),
    Topic("rule.fired", "A rule ran, and every action succeeded."),
    Topic("rule.failed", "A rule could not be evaluated, or one of its actions failed."),
    Topic("meter.value.edited", "A value of a meter was edited, or an edit was withdrawn."),
    Topic("connection.created", "A connection to a network server or broker was created."),
    Topic("connection.updated", "A connection was changed, paused or resumed."),
    Topic("connection.secret_rotated", "The secret of a connection was rotated."),
    Topic("connection.deleted", "A connection was deleted."),
    Topic("dashboard.created", "A dashboard was created."),
    Topic("dashboard.updated", "A dashboard or one of its widgets was changed."),
    Topic("dashboard.deleted", "A dashboard was deleted."),
    Topic("dashboard.shared", "A share link of a dashboard was created."),
    Topic("sms.inbound", "A number received an SMS."),
    Topic("sms.delivery_status", "The state of an SMS that was sent changed."),
    Topic("mail.inbound", "An alias received a mail."),
    Topic("billing.subscription.created", "A subscription started: a paid plan after a free one."),
    Topic("billing.subscription.updated", "A subscription changed."),
    Topic("billing.subscription.canceled", "A subscription ended."),
    Topic("billing.statement.created", "A monthly statement was created."),
    Topic("invoice.created", "An invoice or credit note was issued."),
    Topic("invoice.paid", "An invoice was marked as paid."),
    Topic("invoice.cancelled", "An invoice was cancelled by a credit note."),
    Topic("invoice.held", "The invoice of an account was held, until a person resolves why."),
    Topic("token.permission.changed", "A grant of a vault token was made, changed or ended."),
)
CATALOGUE = {topic.name: topic for topic in _TOPICS}


def topic_of_kind(kind: str) -> str:
    """The topic of readings of a kind."""
    topic = f"{READING}{kind}"
    return topic if _KIND.fullmatch(kind) and topic in CATALOGUE else "reading.other"


def parse_topics(names: Iterable[str], field: str = "topics") -> tuple[str, ...]:
    """Validate topics from a request, without duplicates.

    Raises:
        InvalidInput: one of them is neither in the catalogue nor a prefix of a topic in it.
    """
    found = tuple(dict.fromkeys(names))
    for at, name in enumerate(found):
        if name != "*" and name not in CATALOGUE and not (name.endswith(".*") and any(matches(name, one) for one in CATALOGUE)):
            raise InvalidInput.field(f"{field}[{at}]", f"{name[:64]} is not a known topic", "unknown")
    return found


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic or prefix matches a topic."""
    return pattern in ("*", topic) or (pattern.endswith(".*") and topic.startswith(pattern[:-1]))
