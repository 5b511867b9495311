"""Jobs: one for each action but webhooks, which follow the outbox."""

from __future__ import annotations

import itertools

from penstock.core.alerts.actions import ChatAction, EmailAction, WebhookAction
from penstock.core.alerts.conditions import NoData
from penstock.core.alerts.events import RAISED, alert_moved
from penstock.core.alerts.jobs import RETRIES, jobs_for
from penstock.kit.clock import HOUR_US, SECOND_US
from penstock.kit.ids import OrgId
from tests.core.alerts.test_events import occurrence


def test_each_action_but_webhooks_is_a_job_that_is_due_now() -> None:
    actions = [EmailAction(), WebhookAction(), ChatAction(channel="ops"), EmailAction()]
    event = alert_moved(occurrence(), "Room", NoData(60), 5)
    found = jobs_for(actions, OrgId(7), RAISED, event, 100, itertools.count(1).__next__)
    assert [(job.id, job.action, job.org_id, job.due_us, job.attempts) for job in found] == [
        (1, actions[0], 7, 100, 0),
        (2, actions[2], 7, 100, 0),
        (3, actions[3], 7, 100, 0),
    ]
    assert jobs_for([WebhookAction()], OrgId(7), RAISED, event, 100, itertools.count(1).__next__) == []


def test_pauses_grow_to_an_hour() -> None:
    assert list(RETRIES.pauses_us) == sorted(RETRIES.pauses_us)
    assert (RETRIES.pauses_us[0], RETRIES.pauses_us[-1]) == (5 * SECOND_US, HOUR_US)
