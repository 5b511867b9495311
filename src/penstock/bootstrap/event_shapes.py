"""The fields of the data of every event that webhooks send, so that a filter that names another field is rejected."""

from __future__ import annotations

import msgspec

from penstock.core.alerts.events import SNOOZED, AlertMoved, AlertSnoozed
from penstock.core.alerts.events import TOPICS as ALERT_TOPICS
from penstock.core.billing import events as billing
from penstock.core.commands.events import TOPICS as COMMAND_TOPICS
from penstock.core.commands.events import CommandMoved
from penstock.core.connections import events as connections
from penstock.core.connections.intake import DeviceEventNoted
from penstock.core.dashboards.events import TOPICS as DASHBOARD_TOPICS
from penstock.core.dashboards.events import DashboardChanged
from penstock.core.devices import events as devices
from penstock.core.devices.connectivity import TOPICS as CONNECTIVITY_TOPICS
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.core.devices.history import TOPIC as DEVICE_EVENT
from penstock.core.event_data import names_of
from penstock.core.inboxes.events import DELIVERY_STATUS, INBOUND, MAIL_INBOUND, MessageReceived, StatusChanged
from penstock.core.inboxes.payloads import SHAPES as INBOX_SHAPES
from penstock.core.invoices import events as invoices
from penstock.core.meter_alarms.events import TOPICS as METER_ALARM_TOPICS
from penstock.core.meter_alarms.events import MeterAlarmMoved
from penstock.core.meters.events import VALUE_EDITED, ValueEdited
from penstock.core.redecodes.events import FINISHED as REDECODE_FINISHED
from penstock.core.redecodes.events import RedecodeFinished
from penstock.core.rules.models import NOT_TRIGGERING, RAN, RuleMoved, RuleRan
from penstock.core.rules.models import TOPICS as RULE_TOPICS
from penstock.core.rules.reach import EventFields
from penstock.core.tokens.grant_events import PERMISSION_CHANGED, PermissionChanged
from penstock.core.webhooks.events import OWN_SHAPES, EndpointDisabledEvent
from penstock.core.webhooks.filters import Shapes
from penstock.core.webhooks.topics import ENDPOINT_DISABLED

STRUCTS: dict[str, type[msgspec.Struct]] = {
    **dict.fromkeys(ALERT_TOPICS, AlertMoved),
    SNOOZED: AlertSnoozed,
    **dict.fromkeys(COMMAND_TOPICS.values(), CommandMoved),
    **dict.fromkeys(CONNECTIVITY_TOPICS.values(), ConnectivityChanged),
    **dict.fromkeys((devices.CREATED, devices.UPDATED, devices.DELETED, devices.TOKEN_REGENERATED), devices.DeviceChanged),
    **dict.fromkeys(
        (connections.CREATED, connections.UPDATED, connections.SECRET_ROTATED, connections.DELETED), connections.ConnectionChanged
    ),
    **dict.fromkeys(
        (billing.SUBSCRIPTION_CREATED, billing.SUBSCRIPTION_UPDATED, billing.SUBSCRIPTION_CANCELED), billing.SubscriptionChanged
    ),
    billing.STATEMENT_CREATED: billing.StatementCreated,
    **dict.fromkeys(METER_ALARM_TOPICS, MeterAlarmMoved),
    **dict.fromkeys((invoices.CREATED, invoices.PAID, invoices.CANCELLED), invoices.InvoiceChanged),
    invoices.HELD: invoices.InvoiceHeld,
    **dict.fromkeys(RULE_TOPICS.values(), RuleMoved),
    **dict.fromkeys(RAN.values(), RuleRan),
    **dict.fromkeys(DASHBOARD_TOPICS, DashboardChanged),
    DEVICE_EVENT: DeviceEventNoted,
    VALUE_EDITED: ValueEdited,
    REDECODE_FINISHED: RedecodeFinished,
    ENDPOINT_DISABLED: EndpointDisabledEvent,
    PERMISSION_CHANGED: PermissionChanged,
    INBOUND: MessageReceived,
    MAIL_INBOUND: MessageReceived,
    DELIVERY_STATUS: StatusChanged,
}
"""The event in the outbox of each topic."""

_OF_OUTBOX = {topic: names_of(topic, struct) for topic, struct in STRUCTS.items()}
SHAPES: Shapes = _OF_OUTBOX | dict(OWN_SHAPES) | INBOX_SHAPES
TRIGGERING: EventFields = {topic: fields for topic, fields in _OF_OUTBOX.items() if topic not in NOT_TRIGGERING}
"""The events that trigger rules: those of the outbox, without the runs of rules and the states of the SMS that they send."""
