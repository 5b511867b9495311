"""Pending actions: written in the same transaction as the event that causes them, executed shortly afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from penstock.core.alerts.actions import Action, WebhookAction
from penstock.core.alerts.events import AlertMoved
from penstock.kit.backoff import Table
from penstock.kit.clock import HOUR_US, MINUTE_US, SECOND_US
from penstock.kit.ids import JobId, OrgId

RETRIES = Table(pauses_us=(5 * SECOND_US, 30 * SECOND_US, 2 * MINUTE_US, 10 * MINUTE_US, HOUR_US))
"""The pauses between attempts at one action."""


class ActionJob(msgspec.Struct, frozen=True, kw_only=True):
    """One action to execute because of an alert event. `id` identifies it permanently: it may be attempted more than once."""

    id: JobId
    org_id: OrgId
    action: Action
    topic: str
    event: AlertMoved
    due_us: int
    attempts: int = 0


def jobs_for(
    actions: Sequence[Action], org_id: OrgId, topic: str, event: AlertMoved, now_us: int, new_id: Callable[[], int]
) -> list[ActionJob]:
    """The jobs of an event; none while its alert is snoozed. Webhook actions need none, because webhooks follow the outbox."""
    return [
        ActionJob(id=JobId(new_id()), org_id=org_id, action=action, topic=topic, event=event, due_us=now_us)
        for action in actions
        if not isinstance(action, WebhookAction) and not event.snoozed
    ]
