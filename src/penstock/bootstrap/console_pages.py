"""The pages of the console. To add those of a noun, add a line here."""

from __future__ import annotations

from penstock.api.console.connect.pages import ConnectPages
from penstock.api.console.devices.device_pages import DeviceFacePages
from penstock.api.console.devices.import_pages import DeviceImportPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.devices.settings_pages import DeviceSettingsPages
from penstock.api.console.devices.snippets import MqttDoor
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.settings import Settings


def console_pages(settings: Settings) -> list[object]:
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
