"""Builds the web console. To add a noun's pages, add a line to `_pages`."""

from __future__ import annotations

from penstock import __version__
from penstock.api.console.connect.pages import ConnectPages
from penstock.api.console.devices.device_pages import DeviceFacePages
from penstock.api.console.devices.import_pages import DeviceImportPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.devices.settings_pages import DeviceSettingsPages
from penstock.api.console.devices.snippets import MqttDoor
from penstock.api.console.people.sign_in_pages import SignInPages
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
    mqtt = settings.mqtt
    door = MqttDoor(enabled=mqtt.enabled, port=mqtt.port, tls_port=mqtt.tls_port if mqtt.tls_certificate else 0)
    return [
        SignInPages(session_s=settings.people.session_s),
        DevicePages(door),
        DeviceImportPages(),
        DeviceFacePages(),
        DeviceSettingsPages(door),
        ConnectPages(door),
    ]
