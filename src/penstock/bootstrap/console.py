"""Builds the web console. To add a noun's pages, add a line to `_pages`."""

from __future__ import annotations

from penstock import __version__
from penstock.api.console.alerts.editor_pages import AlertEditorPages
from penstock.api.console.alerts.pages import AlertPages
from penstock.api.console.channels.pages import ChannelPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.events.pages import EventPages
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.api.console.rules.pages import RulePages
from penstock.api.console.rules.run_pages import RuleRunPages
from penstock.api.console.rules.version_pages import RuleVersionPages
from penstock.api.console.shared.application import Console
from penstock.api.console.shared.calling import ApiCaller
from penstock.api.console.shared.mount import WithConsole
from penstock.api.console.shared.viewers import Viewers
from penstock.bootstrap.services import Services
from penstock.kit.http import App
from penstock.settings import Settings


def with_console(app: App, services: Services, settings: Settings) -> App:
    """The application with the console in front of it."""
    api = ApiCaller(app)
    console = Console(
        app=app,
        pages=_pages(settings),
        sessions=services.people.browsers,
        viewers=Viewers(api, services.clock),
        api=api,
        budget=services.bodies,
        config=settings.console,
        version=__version__,
    )
    return WithConsole(app, console)


def _pages(settings: Settings) -> list[object]:
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
    ]
