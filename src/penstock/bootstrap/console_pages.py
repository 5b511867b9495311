"""The pages of the console. To add those of a noun, add a line here."""

from __future__ import annotations

from penstock.api.console.alerts.editor_pages import AlertEditorPages
from penstock.api.console.alerts.pages import AlertPages
from penstock.api.console.audit.pages import AuditPages
from penstock.api.console.bills.pages import InvoicePages
from penstock.api.console.bills.run_pages import RunPages
from penstock.api.console.bills.settings_pages import BillSettingsPages
from penstock.api.console.bills.tariff_pages import TariffPages
from penstock.api.console.channels.pages import ChannelPages
from penstock.api.console.connect.pages import ConnectPages
from penstock.api.console.connections.pages import ConnectionPages
from penstock.api.console.customers.billing_pages import CustomerBillingPages
from penstock.api.console.customers.pages import CustomerPages
from penstock.api.console.dashboards.pages import DashboardPages
from penstock.api.console.dashboards.share_pages import SharePages
from penstock.api.console.dashboards.shared_pages import SharedPages
from penstock.api.console.devices.device_pages import DeviceFacePages
from penstock.api.console.devices.import_pages import DeviceImportPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.devices.settings_pages import DeviceSettingsPages
from penstock.api.console.devices.snippets import MqttDoor
from penstock.api.console.events.pages import EventPages
from penstock.api.console.inbox.account_pages import SmsAccountPages
from penstock.api.console.inbox.address_pages import InboxAddressPages
from penstock.api.console.inbox.message_pages import InboxMessagePages
from penstock.api.console.inbox.number_pages import SmsNumberPages
from penstock.api.console.keys.pages import KeyPages
from penstock.api.console.kit.pages import KitPages
from penstock.api.console.meters.pages import MeterPages
from penstock.api.console.meters.settings_pages import MeterSettingsPages
from penstock.api.console.overview.pages import OverviewPages
from penstock.api.console.people.group_pages import GroupPages
from penstock.api.console.people.joining_pages import JoiningPages
from penstock.api.console.people.member_pages import InvitationPages, MemberPages, OrganizationPages
from penstock.api.console.people.profile_pages import AccountPages
from penstock.api.console.people.session import SessionOpener
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.api.console.people.switch_pages import SwitchPages
from penstock.api.console.profiles.codec_pages import CodecPages
from penstock.api.console.profiles.pages import ProfilePages
from penstock.api.console.profiles.redecode_pages import RedecodePages
from penstock.api.console.rules.pages import RulePages
from penstock.api.console.rules.run_pages import RuleRunPages
from penstock.api.console.rules.version_pages import RuleVersionPages
from penstock.api.console.sensor_templates.pages import SensorTemplatePages
from penstock.api.console.system.pages import SystemPages
from penstock.api.console.usage.pages import UsagePages
from penstock.api.console.vault.key_pages import VaultKeyPages
from penstock.api.console.vault.request_pages import SeedRequestPages
from penstock.api.console.vault.secret_pages import SecretPages
from penstock.api.console.vault.token_pages import TokenPages
from penstock.api.console.vault.transfer_pages import TokenTransferPages
from penstock.api.console.webhooks.message_pages import WebhookMessagePages
from penstock.api.console.webhooks.pages import WebhookPages
from penstock.api.console.webhooks.topic_pages import WebhookTopicPages
from penstock.api.console.work.pages import WorkPages
from penstock.bootstrap.dialects import CHOICES
from penstock.kit.clock import Clock
from penstock.settings import Settings


def console_pages(settings: Settings, clock: Clock) -> list[object]:
    """The pages of all nouns."""
    opener = SessionOpener(settings.people.session_s)
    mqtt = settings.mqtt
    door = MqttDoor(enabled=mqtt.enabled, port=mqtt.port, tls_port=mqtt.tls_port if mqtt.tls_certificate else 0)
    return [
        OverviewPages(clock),
        WorkPages(clock),
        SystemPages(),
        SignInPages(opener, sign_up=settings.signup.enabled),
        JoiningPages(opener, sign_up=settings.signup.enabled),
        SwitchPages(opener),
        AccountPages(),
        MemberPages(),
        InvitationPages(),
        OrganizationPages(),
        GroupPages(),
        KeyPages(),
        UsagePages(),
        AuditPages(),
        DevicePages(door),
        DeviceImportPages(),
        DeviceFacePages(),
        DeviceSettingsPages(door),
        ConnectPages(door),
        DashboardPages(),
        SharePages(),
        SharedPages(),
        AlertPages(),
        AlertEditorPages(),
        EventPages(),
        ChannelPages(),
        RulePages(),
        RuleVersionPages(),
        RuleRunPages(),
        TokenTransferPages(),
        TokenPages(),
        SeedRequestPages(),
        SecretPages(),
        VaultKeyPages(),
        InboxMessagePages(),
        InboxAddressPages(),
        SmsAccountPages(),
        SmsNumberPages(),
        WebhookPages(CHOICES["webhook_format"]),
        WebhookMessagePages(),
        WebhookTopicPages(),
        ConnectionPages(),
        ProfilePages(),
        CodecPages(),
        RedecodePages(),
        SensorTemplatePages(),
        *_of_business(),
        *([KitPages()] if settings.console.kit else []),
    ]


def _of_business() -> list[object]:
    """Customers, their meters and their bills."""
    return [
        CustomerPages(),
        CustomerBillingPages(),
        MeterPages(),
        MeterSettingsPages(),
        BillSettingsPages(),
        TariffPages(),
        RunPages(),
        InvoicePages(),
    ]
