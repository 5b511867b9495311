"""Texts of actions: the own words, or the default ones; always one line where one line is sent."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.alerts.actions import Action, ChatAction, EmailAction, SmsAction, WebhookAction
from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.events import CLEARED, ESCALATED, RAISED, alert_moved
from penstock.core.alerts.jobs import ActionJob
from penstock.core.alerts.templates import MAX_MESSAGE, MAX_SUBJECT, check_templates, short_text, subject, text, title
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import JobId, OrgId
from tests.core.alerts.test_events import occurrence
from tests.support.days import HeldClock

ERRORS = EvaluationErrors(HeldClock())


def job(
    action: Action, topic: str = RAISED, *, message: str = "", name: str = "Warm", device: str = "Room", **more: Any
) -> ActionJob:
    event = alert_moved(occurrence(name=name, message=message), device, Threshold("t", ">", 6), 50, **more)
    return ActionJob(id=JobId(1), org_id=OrgId(1), action=action, topic=topic, event=event, due_us=1)


@pytest.mark.parametrize(
    ("topic", "more", "expected"),
    [
        (RAISED, {}, "[CRITICAL] Warm - Room"),
        (CLEARED, {}, "[CRITICAL] Cleared: Warm - Room"),
        (ESCALATED, {}, "[CRITICAL] Not acknowledged: Warm - Room"),
        (RAISED, {"test": True}, "[CRITICAL] Test: Warm - Room"),
    ],
)
def test_a_title_says_what_happened(topic: str, more: dict[str, Any], expected: str) -> None:
    found = job(EmailAction(), topic, **more)
    assert title(found) == subject(found, ERRORS) == expected


def test_a_subject_is_one_line_of_bounded_length() -> None:
    assert (
        subject(job(EmailAction(), device="Room\r\nBcc: eve@example.org"), ERRORS)
        == "[CRITICAL] Warm - Room Bcc: eve@example.org"
    )
    assert len(subject(job(EmailAction(), name="x" * 500), ERRORS)) == MAX_SUBJECT
    assert subject(job(EmailAction(subject="{{ device.name }} is\n{{ alert.value }}")), ERRORS) == "Room is 7.5"
    assert subject(job(EmailAction(subject="{{ alert.note }}")), ERRORS) == "[CRITICAL] Warm - Room", "nothing is no subject"


def test_own_words_stand_instead_of_the_default() -> None:
    words = "{{ alert.event }}: {{ alert.name }} ({{ alert.message }})"
    for action in (EmailAction(text=words), ChatAction(channel="ops", text=words)):
        assert text(job(action, CLEARED, message="{{ device.name }}"), ERRORS) == "cleared: Warm ({{ device.name }})"
    assert short_text(job(SmsAction(to=("+1",), text="{{ alert.severity }}")), ERRORS) == "critical"
    assert text(job(WebhookAction()), ERRORS).startswith("Alert: Warm\nDevice: Room\n")


def test_the_default_text_says_what_is_known() -> None:
    plain = text(job(EmailAction()), ERRORS)
    assert "Value: 7.5\n" in plain
    assert "Now: raised\n" in plain
    found = text(job(EmailAction(), message="Frost!", value=None, reason="quiet", test=True), ERRORS)
    assert found.startswith("This is a test: nothing was raised.\n\nFrost!\n\nAlert: Warm\n")
    assert "Value:" not in found
    assert "Now: raised (quiet)\n" in found


def test_an_sms_has_the_message_or_the_condition() -> None:
    action = SmsAction(to=("+1",))
    assert short_text(job(action, message="Frost!"), ERRORS) == "[CRITICAL] Warm - Room: Frost!, value 7.5"
    assert short_text(job(action, value=None), ERRORS) == "[CRITICAL] Warm - Room: t > 6"


def test_a_message_in_a_template_is_bounded() -> None:
    long = "x" * (MAX_MESSAGE + 1)
    assert text(job(ChatAction(channel="ops", text="{{ alert.message }}"), message=long), ERRORS) == long[:-1]


@pytest.mark.parametrize(
    ("action", "field"),
    [
        (EmailAction(text="{{ reading.t }}"), "actions[0].text"),
        (EmailAction(subject="{{ alert."), "actions[0].subject"),
        (SmsAction(to=("+1",), text="{{ }}"), "actions[0].text"),
        (ChatAction(channel="ops", text="{{ now }}"), "actions[0].text"),
    ],
)
def test_a_wrong_template_is_named(action: Action, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_templates(action, "actions[0]")
    assert [one.field for one in refused.value.errors] == [field]
    check_templates(EmailAction(subject="{{ alert.name }}", text="{{ device.id }}"), "x")
