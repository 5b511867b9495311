"""The pages of the console. To add those of a noun, add a line here."""

from __future__ import annotations

from penstock.api.console.alerts.editor_pages import AlertEditorPages
from penstock.api.console.alerts.pages import AlertPages
from penstock.api.console.channels.pages import ChannelPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.events.pages import EventPages
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.api.console.rules.pages import RulePages
from penstock.api.console.rules.run_pages import RuleRunPages
from penstock.api.console.rules.version_pages import RuleVersionPages
from penstock.api.console.vault.key_pages import VaultKeyPages
from penstock.api.console.vault.request_pages import SeedRequestPages
from penstock.api.console.vault.secret_pages import SecretPages
from penstock.api.console.vault.token_pages import TokenPages
from penstock.api.console.vault.transfer_pages import TokenTransferPages
from penstock.settings import Settings


def console_pages(settings: Settings) -> list[object]:
    """The pages of all nouns."""
    return [
        SignInPages(session_s=settings.people.session_s),
        DevicePages(),
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
    ]
