"""Topic patterns: what is subscribed to, what matches, and what is named."""

from __future__ import annotations

import pytest

from penstock.core.connections.patterns import TopicPattern
from penstock.core.connections.settings import MqttSettings, read_settings
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("pattern", "asked", "topic", "named"),
    [
        ("sensors/{{deviceId}}/temperature", "sensors/+/temperature", "sensors/a-1/temperature", {"deviceId": "a-1"}),
        ("{{deviceId}}/{{ key }}", "+/+", "a/rms", {"deviceId": "a", "key": "rms"}),
        ("s/{{deviceId}}/{{value}}", "s/+/+", "s/é/21.5", {"deviceId": "é", "value": "21.5"}),
        ("s/+/{{deviceId}}/#", "s/+/+/#", "s/x/a/b/c", {"deviceId": "a"}),
        ("s/{{deviceId}}/#", "s/+/#", "s/a", {"deviceId": "a"}),
        ("$share/penstock/s/{{deviceId}}", "$share/penstock/s/+", "s/a", {"deviceId": "a"}),
        ("/{{deviceId}}/", "/+/", "/a/", {"deviceId": "a"}),
        ("s/{{deviceId}}", "s/+", "s/", {"deviceId": ""}),
    ],
)
def test_a_pattern_is_asked_for_and_names_what_it_matches(pattern: str, asked: str, topic: str, named: dict[str, str]) -> None:
    found = TopicPattern(pattern)
    assert (found.filter, found.match(topic)) == (asked, named)


@pytest.mark.parametrize("topic", ["sensors/a", "sensors/a/temperature/x", "Sensors/a/temperature", "sensors/a/Temperature", ""])
def test_a_topic_that_differs_by_a_byte_or_a_segment_does_not_fit(topic: str) -> None:
    assert TopicPattern("sensors/{{deviceId}}/temperature").match(topic) is None


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("sensors/{{deviceId}}/temperature", "temperature"),
        ("sensors/{{deviceId}}/temperature/{{value}}", "temperature"),
        ("sensors/{{deviceId}}", "value"),
        ("sensors/{{deviceId}}/+", "value"),
        ("sensors/{{deviceId}}/#", "value"),
    ],
)
def test_a_single_value_is_named_by_the_last_plain_segment(pattern: str, key: str) -> None:
    assert TopicPattern(pattern).key == key


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
