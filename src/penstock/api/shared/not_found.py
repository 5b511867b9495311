"""The errors of ids that identify nothing, by kind of id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from penstock.core.alerts.errors import AlertNotFound, OccurrenceNotFound
from penstock.core.billing.errors import StatementNotFound
from penstock.core.codecs.errors import CodecNotFound
from penstock.core.commands.errors import DefinitionNotFound, ExecutionNotFound
from penstock.core.connections.errors import ConnectionNotFound
from penstock.core.customers.errors import CustomerNotFound
from penstock.core.dashboards.errors import DashboardNotFound, FolderNotFound, ShareNotFound, WidgetNotFound
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.event_types.errors import EventTypeNotFound
from penstock.core.imports.errors import ImportNotFound
from penstock.core.inboxes.errors import AddressNotFound, InboxMessageNotFound, SmsAccountNotFound
from penstock.core.invoices.errors import InvoiceHoldNotFound, InvoiceNotFound, InvoiceRunNotFound
from penstock.core.meter_alarms.errors import MeterAlarmNotFound
from penstock.core.meters.errors import EditNotFound
from penstock.core.notifications.errors import ChannelNotFound
from penstock.core.people.errors import GroupNotFound, InvitationNotFound, MemberNotFound, ResidentNotFound, SessionNotFound
from penstock.core.profiles.errors import ProfileNotFound
from penstock.core.redecodes.errors import RedecodeNotFound
from penstock.core.rules.errors import HookNotFound, RehearsalNotFound, RuleNotFound, RunNotFound, VersionNotFound
from penstock.core.sensor_templates.errors import SensorTemplateNotFound
from penstock.core.tariffs.errors import TariffNotFound
from penstock.core.tenancy.errors import KeyNotFound, OrganizationNotFound, ProjectNotFound
from penstock.core.tokens.errors import GrantNotFound, SeedRequestNotFound, TokenNotFound
from penstock.core.vault.errors import SecretNotFound
from penstock.core.webhooks.errors import EndpointNotFound, MessageNotFound
from penstock.kit.errors import PenstockError
from penstock.kit.ids import IdKind, Prefix

MAX_SHOWN = 64
"""How much of a malformed id is shown. A valid id is shorter."""
_ERRORS: Mapping[IdKind[Any], tuple[type[PenstockError], str]] = MappingProxyType(
    {
        Prefix.ORGANIZATION: (OrganizationNotFound, "name"),
        Prefix.PROJECT: (ProjectNotFound, "project_id"),
        Prefix.USER: (MemberNotFound, "user_id"),
        Prefix.SESSION: (SessionNotFound, "session_id"),
        Prefix.GROUP: (GroupNotFound, "group_id"),
        Prefix.INVITATION: (InvitationNotFound, "invitation_id"),
        Prefix.KEY: (KeyNotFound, "key_id"),
        Prefix.DEVICE: (DeviceNotFound, "device_id"),
        Prefix.DASHBOARD_FOLDER: (FolderNotFound, "folder_id"),
        Prefix.DASHBOARD: (DashboardNotFound, "dashboard_id"),
        Prefix.WIDGET: (WidgetNotFound, "widget_id"),
        Prefix.DASHBOARD_SHARE: (ShareNotFound, "share_id"),
        Prefix.EVENT: (OccurrenceNotFound, "event_id"),
        Prefix.DEFINITION: (DefinitionNotFound, "definition_id"),
        Prefix.EXECUTION: (ExecutionNotFound, "execution_id"),
        Prefix.EVENT_TYPE: (EventTypeNotFound, "event_type_id"),
        Prefix.CUSTOMER: (CustomerNotFound, "customer_id"),
        Prefix.EDIT: (EditNotFound, "edit_id"),
        Prefix.RESIDENT: (ResidentNotFound, "resident_id"),
        Prefix.CONNECTION: (ConnectionNotFound, "connection_id"),
        Prefix.PROFILE: (ProfileNotFound, "profile_id"),
        Prefix.CODEC: (CodecNotFound, "codec_id"),
        Prefix.STATEMENT: (StatementNotFound, "statement_id"),
        Prefix.METER_ALARM: (MeterAlarmNotFound, "alarm_id"),
        Prefix.TARIFF: (TariffNotFound, "tariff_id"),
        Prefix.INVOICE: (InvoiceNotFound, "invoice_id"),
        Prefix.INVOICE_RUN: (InvoiceRunNotFound, "run_id"),
        Prefix.INVOICE_HOLD: (InvoiceHoldNotFound, "hold_id"),
        Prefix.GRANT: (GrantNotFound, "grant_id"),
        Prefix.SEED_REQUEST: (SeedRequestNotFound, "request_id"),
        Prefix.ALERT: (AlertNotFound, "alert_id"),
        Prefix.CHANNEL: (ChannelNotFound, "channel_id"),
        Prefix.WEBHOOK: (EndpointNotFound, "endpoint_id"),
        Prefix.WEBHOOK_MESSAGE: (MessageNotFound, "message_id"),
        Prefix.TOKEN: (TokenNotFound, "token"),
        Prefix.RULE: (RuleNotFound, "rule_id"),
        Prefix.VERSION: (VersionNotFound, "version_id"),
        Prefix.RUN: (RunNotFound, "run_id"),
        Prefix.HOOK: (HookNotFound, "hook_id"),
        Prefix.REHEARSAL: (RehearsalNotFound, "rehearsal_id"),
        Prefix.REDECODE: (RedecodeNotFound, "redecode_id"),
        Prefix.SMS_ACCOUNT: (SmsAccountNotFound, "account_id"),
        Prefix.IMPORT: (ImportNotFound, "import_id"),
        Prefix.SECRET: (SecretNotFound, "secret"),
        Prefix.INBOX_ADDRESS: (AddressNotFound, "address"),
        Prefix.INBOX_MESSAGE: (InboxMessageNotFound, "message_id"),
        Prefix.SENSOR_TEMPLATE: (SensorTemplateNotFound, "template_id"),
    }
)


def not_found(kind: IdKind[Any], text: str) -> PenstockError:
    """The error for a text that is not an id of this kind, and therefore identifies nothing."""
    error, fact = _ERRORS[kind]
    facts: dict[str, Any] = {fact: text[:MAX_SHOWN]}
    return error(**facts)
