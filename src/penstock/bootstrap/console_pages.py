"""The pages of the console. To add those of a noun, add a line here."""

from __future__ import annotations

from penstock.api.console.connections.pages import ConnectionPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.inbox.account_pages import SmsAccountPages
from penstock.api.console.inbox.address_pages import InboxAddressPages
from penstock.api.console.inbox.message_pages import InboxMessagePages
from penstock.api.console.inbox.number_pages import SmsNumberPages
from penstock.api.console.kit.pages import KitPages
from penstock.api.console.overview.pages import OverviewPages
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.api.console.profiles.codec_pages import CodecPages
from penstock.api.console.profiles.pages import ProfilePages
from penstock.api.console.profiles.redecode_pages import RedecodePages
from penstock.api.console.sensor_templates.pages import SensorTemplatePages
from penstock.api.console.vault.key_pages import VaultKeyPages
from penstock.api.console.vault.request_pages import SeedRequestPages
from penstock.api.console.vault.secret_pages import SecretPages
from penstock.api.console.vault.token_pages import TokenPages
from penstock.api.console.vault.transfer_pages import TokenTransferPages
from penstock.api.console.webhooks.message_pages import WebhookMessagePages
from penstock.api.console.webhooks.pages import WebhookPages
from penstock.api.console.webhooks.topic_pages import WebhookTopicPages
from penstock.bootstrap.dialects import CHOICES
from penstock.kit.clock import Clock
from penstock.settings import Settings


def console_pages(settings: Settings, clock: Clock) -> list[object]:
    """The pages of all nouns."""
    return [
        SignInPages(session_s=settings.people.session_s),
        OverviewPages(clock),
        DevicePages(),
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
        *([KitPages()] if settings.console.kit else []),
    ]
