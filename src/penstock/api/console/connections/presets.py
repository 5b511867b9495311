"""Settings for brokers of usual kinds, with which a form begins."""

from __future__ import annotations

from typing import Any

import msgspec


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """The settings for one kind of broker, by the names of the form's fields."""

    label: str
    about: str
    subscriptions: tuple[dict[str, Any], ...]
    values: dict[str, str] = {}


PRESETS = {
    "topics": Preset(
        label="Values by topic",
        about="Each device publishes its values to topics of its own.",
        subscriptions=({"topic": "plant/{{deviceId}}/{{key}}", "qos": 1, "payload": "auto"},),
    ),
    "chirpstack": Preset(
        label="ChirpStack's broker",
        about="Events and downlinks of ChirpStack 4 or 3, whose broker this is. Its payload encoding must be JSON.",
        subscriptions=({"topic": "application/+/device/+/event/+", "qos": 1, "payload": "lorawan"},),
        values={
            "settings.command_topic": "application/{{applicationId}}/device/{{deviceId}}/command/down",
            "settings.command_payload": "chirpstack",
        },
    ),
    "zigbee2mqtt": Preset(
        label="Zigbee2MQTT",
        about="Devices by their friendly names, with their availability.",
        subscriptions=(
            {"topic": "zigbee2mqtt/{{deviceId}}", "qos": 1, "payload": "json"},
            {"topic": "zigbee2mqtt/{{deviceId}}/availability", "qos": 1, "payload": "availability"},
        ),
        values={"settings.command_topic": "zigbee2mqtt/{{deviceId}}/set", "settings.command_payload": "parameters"},
    ),
    "tasmota": Preset(
        label="Tasmota",
        about="Plugs, lamps and sensors by their topics, with their last will.",
        subscriptions=(
            {"topic": "tele/{{deviceId}}/SENSOR", "qos": 1, "payload": "json", "time_path": "Time"},
            {"topic": "tele/{{deviceId}}/LWT", "qos": 1, "payload": "availability"},
        ),
        values={"settings.command_topic": "cmnd/{{deviceId}}/{{command}}", "settings.command_payload": "value"},
    ),
}
