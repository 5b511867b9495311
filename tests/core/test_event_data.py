"""The public data of events: every field of every event by its type, so that a new field cannot leak an internal number."""

from __future__ import annotations

import typing
from typing import Any

import msgspec
import pytest

import penstock.core.event_data as builder
from penstock.core.alerts.events import AlertMoved
from penstock.core.billing.events import StatementCreated, SubscriptionChanged
from penstock.core.commands.events import CommandMoved
from penstock.core.connections.events import ConnectionChanged
from penstock.core.connections.intake import DeviceEventNoted
from penstock.core.dashboards.events import DashboardChanged
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.core.devices.events import DeviceChanged
from penstock.core.event_data import event_data
from penstock.core.inboxes.events import MessageReceived, StatusChanged
from penstock.core.invoices.events import InvoiceChanged, InvoiceHeld
from penstock.core.meter_alarms.events import MeterAlarmMoved
from penstock.core.meters.events import ValueEdited
from penstock.core.redecodes.events import RedecodeFinished
from penstock.core.rules.models import HookCalled, RuleMoved, RuleRan
from penstock.core.tokens.grant_events import PermissionChanged
from penstock.core.webhooks.events import EndpointDisabledEvent
from penstock.core.webhooks.topics import CATALOGUE
from tests.support.days import NOON_US

BODIES: dict[str, type[msgspec.Struct]] = {
    "alert.": AlertMoved,
    "billing.statement.": StatementCreated,
    "billing.subscription.": SubscriptionChanged,
    "codec.redecode.": RedecodeFinished,
    "command.": CommandMoved,
    "connection.": ConnectionChanged,
    "dashboard.": DashboardChanged,
    "device.event": DeviceEventNoted,
    "device.online": ConnectivityChanged,
    "device.offline": ConnectivityChanged,
    "device.": DeviceChanged,
    "mail.inbound": MessageReceived,
    "meter.value.": ValueEdited,
    "meter.alarm.": MeterAlarmMoved,
    "invoice.held": InvoiceHeld,
    "invoice.": InvoiceChanged,
    "rule.fired": RuleRan,
    "rule.failed": RuleRan,
    "rule.hook_called": HookCalled,
    "rule.": RuleMoved,
    "token.permission.": PermissionChanged,
    "sms.delivery_status": StatusChanged,
    "sms.inbound": MessageReceived,
    "webhook.endpoint.": EndpointDisabledEvent,
}
"""The body in the outbox of each topic; the first that matches counts."""
FROM_ELSEWHERE = ("reading.", "audit.")
"""Topics that are read from the log and the audit log, not from the outbox."""
TOPICS = sorted(one.name for one in CATALOGUE.values() if one.sent and not one.name.startswith(FROM_ELSEWHERE))


def body_of(topic: str) -> type[msgspec.Struct]:
    return next(body for prefix, body in BODIES.items() if topic.startswith(prefix))


@pytest.mark.parametrize("topic", [*TOPICS, "rule.hook_called"])
def test_no_number_of_ours_leaves_in_any_event(topic: str) -> None:
    body: dict[str, Any] = {}
    for field in msgspec.structs.fields(body_of(topic)):
        kinds = {getattr(one, "__name__", "") for one in typing.get_args(field.type) or (field.type,)}
        if field.name.endswith("_us"):
            body[field.name] = NOON_US
        elif field.name.endswith("_id") or field.name == "seq":
            body[field.name] = 10
        elif field.name == "chain":
            body[field.name] = [3, 4]
        assert not {one for one in kinds if one.endswith("Id")} or field.name in body, f"{field.name} is an id under another name"
    told = event_data(topic, body)
    leaked = {name: value for name, value in told.items() if isinstance(value, int) or name.endswith("_us")}
    assert not leaked
    assert "id" in told or topic.startswith("billing.subscription.")


def test_every_subject_is_a_field_that_is_shown_as_an_id() -> None:
    assert set(builder._SUBJECTS.values()) <= set(builder._IDS)


def test_the_object_of_an_event_has_the_id_of_the_api() -> None:
    told = event_data("command.done", {"execution_id": 5, "device_id": 10})
    assert told["id"] == told["execution_id"] != told["device_id"]
    assert event_data("device.event", {"event_id": 5, "device_id": 10, "time_us": NOON_US})["time"] == "2026-05-02T12:00:00Z"
