"""Commands with which a device sends its first reading. Whether the server understands them is tested where they are shown."""

from __future__ import annotations

import ast
import shlex

import pytest

from penstock.api.console.devices.snippets import MqttDoor, Sender, base_url_of, name_of, snippets

SENDER = Sender(base_url="https://iot.example.org:8443", device_id="dev_1", token="tok_1")
DOOR = MqttDoor(enabled=True, port=1883, tls_port=0)


def test_the_address_is_the_browser_s() -> None:
    assert base_url_of({"scheme": "https", "headers": [(b"host", b"iot.example.org")]}) == "https://iot.example.org"
    assert base_url_of({"headers": []}) == "http://localhost"


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://a.example:8443", "a.example"), ("http://a.example", "a.example"), ("http://[::1]:8080", "[::1]")],
)
def test_the_name_has_no_port(url: str, name: str) -> None:
    assert name_of(url) == name


def test_the_commands_are_ones() -> None:
    http, mqtt, python = snippets(SENDER, DOOR)
    words = shlex.split(http.text)
    assert words[:2] == ["curl", "https://iot.example.org:8443/api/v2/devices/dev_1/telemetry"]
    assert "Authorization: Bearer tok_1" in words
    words = shlex.split(mqtt.text)
    assert words[words.index("-h") + 1] == "iot.example.org"
    assert words[words.index("-t") + 1] == "d/dev_1/t"
    ast.parse(python.text)
    assert "tok_1" in python.text


def test_a_host_cannot_leave_its_quotes() -> None:
    sender = Sender(base_url="http://a'; rm -rf /; '", device_id="dev_1", token="tok_1")
    for one in snippets(sender, DOOR):
        if one.language == "shell":
            assert "rm" not in shlex.split(one.text)
        else:
            assert len([node for node in ast.walk(ast.parse(one.text)) if isinstance(node, ast.Import)]) == 1


def test_mqtt_is_shown_as_it_is_served() -> None:
    assert [one.key for one in snippets(SENDER, MqttDoor(enabled=False, port=1883, tls_port=0))] == ["http", "python"]
    assert "-p 8883 --tls" in snippets(SENDER, MqttDoor(enabled=True, port=1883, tls_port=8883))[1].text


def test_the_token_is_in_no_representation() -> None:
    assert "tok_1" not in repr(SENDER)
