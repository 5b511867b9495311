"""The catalogue of topics: everything that an endpoint can be told of, in one place.

An endpoint names topics, or all that begin alike: `alert.*`. `sent` is false for a topic that is accepted though nothing
causes it in this version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from penstock.core.commands.models import State
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


_TOPICS = (
    Topic("reading.telemetry", "A device reported values."),
    Topic("reading.agent", "An agent told something of itself."),
    Topic("reading.status", "A device told its status."),
    Topic("reading.other", "A device sent a reading of another kind."),
    Topic("device.created", "A device was created."),
    Topic("device.updated", "A device was changed, paused or resumed."),
    Topic("device.token_regenerated", "A device got another access token."),
    Topic("device.deleted", "A device was deleted."),
    Topic("device.online", "A device came online."),
    Topic("device.offline", "A device went offline."),
    *(Topic(f"command.{state.value}", f"An execution of a command came into the state {state.value}.") for state in State),
    Topic(AUDIT, "An entry was added to the audit log; can be filtered by action."),
    Topic(ENDPOINT_DISABLED, "A webhook endpoint was disabled because its messages could not be delivered."),
    Topic("alert.raised", "An alert was raised, by its condition or by a rule."),
    Topic("alert.acknowledged", "Somebody took note of an alert."),
    Topic("alert.escalated", "Nobody took note of an alert in time."),
    Topic("alert.cleared", "An alert was cleared."),
    Topic("rule.fired", "A rule fired.", sent=False),
    Topic("rule.failed", "A rule could not be evaluated.", sent=False),
    Topic("sms.inbound", "An SMS came in.", sent=False),
    Topic("sms.delivery_status", "The delivery of an SMS came into another state.", sent=False),
    Topic("billing.subscription.created", "A subscription began.", sent=False),
    Topic("billing.subscription.updated", "A subscription changed.", sent=False),
    Topic("billing.subscription.canceled", "A subscription ended.", sent=False),
    Topic("token.permission.changed", "A grant of a vault token changed.", sent=False),
)
CATALOGUE = {topic.name: topic for topic in _TOPICS}


def topic_of_kind(kind: str) -> str:
    """The topic of readings of a kind."""
    topic = f"{READING}{kind}"
    return topic if _KIND.fullmatch(kind) and topic in CATALOGUE else "reading.other"


def parse_topics(names: Iterable[str], field: str = "topics") -> tuple[str, ...]:
    """Topics from outside, each once.

    Raises:
        InvalidInput: one of them is not in the catalogue, and nothing in it begins so.
    """
    found = tuple(dict.fromkeys(names))
    for at, name in enumerate(found):
        if name != "*" and name not in CATALOGUE and not (name.endswith(".*") and any(matches(name, one) for one in CATALOGUE)):
            raise InvalidInput.field(f"{field}[{at}]", f"no such topic: {name[:64]}", "unknown")
    return found


def matches(wanted: str, topic: str) -> bool:
    """Whether a topic, or all that begin alike, is this one."""
    return wanted in ("*", topic) or (wanted.endswith(".*") and topic.startswith(wanted[:-1]))
