"""The pages of the console. To add those of a noun, add a line here."""

from __future__ import annotations

from penstock.api.console.dashboards.pages import DashboardPages
from penstock.api.console.dashboards.share_pages import SharePages
from penstock.api.console.dashboards.shared_pages import SharedPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.people.sign_in_pages import SignInPages
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
        DashboardPages(),
        SharePages(),
        SharedPages(),
        TokenTransferPages(),
        TokenPages(),
        SeedRequestPages(),
        SecretPages(),
        VaultKeyPages(),
    ]
