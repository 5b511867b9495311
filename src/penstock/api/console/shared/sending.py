"""Steps that notify people, which alerts and rules both have: the recipients are the same, the texts are their own."""

from __future__ import annotations

from penstock.api.console.shared.steps import StepField, StepKind


def email(*fields: StepField) -> StepKind:
    """A step that sends a mail."""
    to = StepField(name="to", label="To", type="words", placeholder="ada@example.org", required=True)
    return StepKind(kind="email", label="Send a mail", icon="mail", fields=(to, *fields))


def sms(*fields: StepField) -> StepKind:
    """A step that sends an SMS."""
    to = StepField(name="to", label="To", type="words", placeholder="+32470123456", required=True)
    return StepKind(kind="sms", label="Send an SMS", icon="smartphone", scope="sms:send", fields=(to, *fields))


def chat(*fields: StepField) -> StepKind:
    """A step that writes to a chat channel of the organisation."""
    channel = StepField(name="channel", label="Channel", placeholder="operations", required=True)
    icon, scope = "message-square", "notifications:write"
    return StepKind(kind="chat", label="Write to a chat channel", icon=icon, scope=scope, fields=(channel, *fields))
