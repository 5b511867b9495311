"""Message texts of alert actions: templates over `alert` and `device`, and the default texts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from penstock.core.alerts.actions import Action, ChatAction, EmailAction, SmsAction
from penstock.core.alerts.events import ACKNOWLEDGED, CLEARED, ESCALATED, RAISED, AlertMoved
from penstock.core.alerts.jobs import ActionJob
from penstock.core.expressions.engine import Kind
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.template import Template, compile_template
from penstock.core.expressions.variables import Variables, cut, moment
from penstock.kit.clock import format_seconds
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode

SCOPE = Scope(
    {
        "alert.id": Kind.TEXT,
        "alert.event_id": Kind.TEXT,
        "alert.name": Kind.TEXT,
        "alert.event": Kind.TEXT,
        "alert.state": Kind.TEXT,
        "alert.severity": Kind.TEXT,
        "alert.condition": Kind.TEXT,
        "alert.message": Kind.TEXT,
        "alert.value": Kind.ANY,
        "alert.raised_at": Kind.TIME,
        "alert.at": Kind.TIME,
        "alert.step": Kind.NUMBER,
        "alert.reason": Kind.TEXT,
        "alert.note": Kind.TEXT,
        "alert.test": Kind.BOOLEAN,
        "device.id": Kind.TEXT,
        "device.name": Kind.TEXT,
    }
)
MAX_SUBJECT = 200
MAX_MESSAGE = 1_000
"""Maximum characters of a rule's message in templates. The default mail contains all of it."""
_WORDS = {RAISED: "raised", CLEARED: "cleared", ESCALATED: "escalated", ACKNOWLEDGED: "acknowledged"}


def check_templates(action: Action, field: str) -> None:
    """Check that the texts of an action are valid templates.

    Raises:
        InvalidInput: one is invalid; the field is named.
    """
    if isinstance(action, EmailAction | SmsAction | ChatAction) and action.text:
        compile_template(action.text, f"{field}.text", SCOPE)
    if isinstance(action, EmailAction) and action.subject:
        compile_template(action.subject, f"{field}.subject", SCOPE)


def subject(job: ActionJob, errors: EvaluationErrors) -> str:
    """The subject of a mail, on one line. The default is used without a template, or if the template renders to nothing."""
    own = _filled(job.action.subject, "subject", job, errors) if isinstance(job.action, EmailAction) else ""
    return " ".join((own or title(job)).split())[:MAX_SUBJECT]


def text(job: ActionJob, errors: EvaluationErrors) -> str:
    """The body of a mail or a chat message."""
    own = _filled(job.action.text, "text", job, errors) if isinstance(job.action, EmailAction | ChatAction) else ""
    return own or _default_text(job)


def short_text(job: ActionJob, errors: EvaluationErrors) -> str:
    """The text of an SMS, on one line."""
    own = _filled(job.action.text, "text", job, errors) if isinstance(job.action, SmsAction) else ""
    if own:
        return own
    event = job.event
    value = "" if event.value is None else f", value {event.value}"
    return f"{title(job)}: {event.message or event.condition}{value}"


def title(job: ActionJob) -> str:
    """Severity in brackets, the alert, a dash, the device."""
    event = job.event
    what = {CLEARED: "Cleared: ", ESCALATED: "Not acknowledged: "}.get(job.topic, "")
    test = "Test: " if event.test else ""
    return " ".join(f"[{event.severity.upper()}] {test}{what}{event.name} - {event.device_name}".split())[:MAX_SUBJECT]


def _default_text(job: ActionJob) -> str:
    event = job.event
    lines = [
        *(["This is a test: nothing was raised.", ""] if event.test else []),
        *([event.message, ""] if event.message else []),
        f"Alert: {event.name}",
        f"Device: {event.device_name}",
        f"Condition: {event.condition}",
        *([] if event.value is None else [f"Value: {event.value}"]),
        f"Raised: {format_seconds(event.raised_us)}",
        f"Now: {event.state}{_reason(event)}",
        f"Event: {encode(Prefix.EVENT, event.event_id)}",
    ]
    return "\n".join(lines) + "\n"


def _reason(event: AlertMoved) -> str:
    return f" ({event.reason})" if event.reason else ""


def _filled(source: str, field: str, job: ActionJob, errors: EvaluationErrors) -> str:
    """The rendered template. One that was stored before a stricter check may no longer compile; the default text is then sent."""
    if not source:
        return ""
    try:
        rendered = _compiled(source).render(Variables({}, variables(job)))
    except InvalidInput as error:
        errors.record(job.org_id, Use.ALERT, job.event.alert_id, f"{field}: {error.detail}")
        return ""
    for reason in rendered.failed:
        errors.record(job.org_id, Use.ALERT, job.event.alert_id, f"{field}: {reason}")
    return rendered.text


def variables(job: ActionJob) -> dict[str, Any]:
    """The variables of templates. Strings are empty, not absent, if there is no value."""
    event = job.event
    alert = {
        "id": encode(Prefix.ALERT, event.alert_id),
        "event_id": encode(Prefix.EVENT, event.event_id),
        "name": event.name,
        "event": _WORDS[job.topic],
        "state": event.state,
        "severity": event.severity,
        "condition": event.condition,
        "message": event.message[:MAX_MESSAGE],
        "value": "" if event.value is None else event.value,
        "raised_at": moment(event.raised_us),
        "at": moment(event.at_us),
        "step": event.step or 0,
        "reason": event.reason or "",
        "note": event.note or "",
        "test": event.test,
    }
    device = {"id": encode(Prefix.DEVICE, event.device_id), "name": event.device_name}
    return {"alert": cut(alert), "device": cut(device)}


@lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    return compile_template(source, "text", SCOPE)
