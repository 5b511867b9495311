"""Builds the web console. To add the pages of a noun, add a line to `bootstrap/console_pages.py`."""

from __future__ import annotations

from collections.abc import Sequence

from penstock import __version__
from penstock.api.console.shared.mount import WithConsole
from penstock.bootstrap.services import Services
from penstock.kit.http import App
from penstock.kit.operation import Operation
from penstock.settings import Settings


def with_console(app: App, services: Services, settings: Settings, operations: Sequence[Operation]) -> App:
    """The application with the console in front of it. `operations` are those of the application."""
    return WithConsole(app, lambda: _console(app, services, settings, operations))


def _console(app: App, services: Services, settings: Settings, operations: Sequence[Operation]) -> App:
    # Here, because templates and languages take 0.1 s to import.
    from penstock.api.console.shared.application import Console
    from penstock.api.console.shared.calling import ApiCaller
    from penstock.api.console.shared.csv_pages import CsvPages
    from penstock.api.console.shared.lists import Lists
    from penstock.api.console.shared.viewers import Viewers
    from penstock.bootstrap.console_pages import console_pages

    api = ApiCaller(app)
    files = CsvPages(Lists(operations), services.clock, services.people.browsers.access_token)
    return Console(
        app=app,
        pages=[*console_pages(settings, services.clock), files],
        sessions=services.people.browsers,
        viewers=Viewers(api, services.clock),
        api=api,
        budget=services.bodies,
        config=settings.console,
        version=__version__,
    )
