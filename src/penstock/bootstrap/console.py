"""Builds the web console. To add the pages of a noun, add a line to `bootstrap/console_pages.py`."""

from __future__ import annotations

from penstock import __version__
from penstock.api.console.shared.mount import WithConsole
from penstock.bootstrap.services import Services
from penstock.kit.http import App
from penstock.settings import Settings


def with_console(app: App, services: Services, settings: Settings) -> App:
    """The application with the console in front of it."""
    return WithConsole(app, lambda: _console(app, services, settings))


def _console(app: App, services: Services, settings: Settings) -> App:
    # Here, because templates and languages take 0.1 s to import.
    from penstock.api.console.shared.application import Console
    from penstock.api.console.shared.calling import ApiCaller
    from penstock.api.console.shared.viewers import Viewers
    from penstock.bootstrap.console_pages import console_pages

    api = ApiCaller(app)
    return Console(
        app=app,
        pages=console_pages(settings, services.clock),
        sessions=services.people.browsers,
        viewers=Viewers(api, services.clock),
        api=api,
        budget=services.bodies,
        config=settings.console,
        version=__version__,
    )
