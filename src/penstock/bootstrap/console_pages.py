"""The pages of the console. To add those of a noun, add a line here."""

from __future__ import annotations

from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.kit.pages import KitPages
from penstock.api.console.overview.pages import OverviewPages
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.api.console.system.pages import SystemPages
from penstock.kit.clock import Clock
from penstock.settings import Settings


def console_pages(settings: Settings, clock: Clock) -> list[object]:
    """The pages of all nouns."""
    return [
        SignInPages(session_s=settings.people.session_s),
        OverviewPages(clock),
        SystemPages(),
        DevicePages(),
        *([KitPages()] if settings.console.kit else []),
    ]
