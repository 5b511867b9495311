"""Settings of connections that make no sense are refused by field."""

from __future__ import annotations

import pytest

from penstock.core.connections.settings import MqttSettings, read_settings
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"host": "mqtt://b.example.org"}, "settings.host"),
        ({"client_key": "-----BEGIN"}, "settings.client_certificate"),
        ({"protocol": "3"}, "settings.protocol"),
        ({"session_expiry_s": -1}, "settings.session_expiry_s"),
        ({"subscriptions": []}, "settings.subscriptions"),
        ({"subscriptions": [{"topic": "a/{{deviceId}}", "qos": 3}]}, "settings.subscriptions[0].qos"),
        ({"subscriptions": [{"topic": "a/{{deviceId}}"}, {"topic": "a/b"}]}, "settings.subscriptions[1].topic"),
        ({"subscriptions": [{"topic": "a/{{device}}"}]}, "settings.subscriptions[0].topic"),
        ({"subscriptions": [{"topic": "a/x{{deviceId}}"}]}, "settings.subscriptions[0].topic"),
        ({"subscriptions": [{"topic": "a/{{deviceId}}/{{deviceId}}"}]}, "settings.subscriptions[0].topic"),
        ({"subscriptions": [{"topic": "a/#/{{deviceId}}"}]}, "settings.subscriptions[0].topic"),
        ({"subscriptions": [{"topic": "a/b+/{{deviceId}}"}]}, "settings.subscriptions[0].topic"),
        ({"subscriptions": [{"topic": "a/{{deviceId}}"}, {"topic": "a/{{ deviceId }}"}]}, "settings.subscriptions[1].topic"),
        ({"command_topic": "down/x"}, "settings.command_topic"),
        ({"command_topic": "down/{{deviceId}}/+"}, "settings.command_topic"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_field(settings: dict[str, object], field: str) -> None:
    whole = {"host": "broker.example.org", "subscriptions": [{"topic": "a/{{deviceId}}"}]}
    read_settings(MqttSettings, whole)
    with pytest.raises(InvalidInput) as refusal:
        read_settings(MqttSettings, whole | settings)
    assert refusal.value.errors[0].field == field
