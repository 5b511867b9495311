"""The forms of connections become settings, and errors find their rows."""

from __future__ import annotations

from typing import Any

from penstock.api.console.connections.forms import names_of, rows_of, settings_of, shown
from penstock.api.console.shared.forms import Form

ROW = "settings.subscriptions[{}].{}"
BROKER = {
    "settings.host": ["broker.example.org"],
    "settings.port": ["8883"],
    "settings.tls": ["true"],
    "settings.password": [""],
    "settings.username": [""],
    ROW.format(0, "topic"): [""],
    ROW.format(1, "topic"): ["plant/{{deviceId}}/{{key}}"],
    ROW.format(1, "qos"): ["1"],
    ROW.format(1, "payload"): ["availability"],
    ROW.format(1, "online_values"): ["here, present"],
}


def test_empty_rows_are_left_out() -> None:
    found = settings_of("mqtt", Form(BROKER), keep_secrets=False)
    row = {"topic": "plant/{{deviceId}}/{{key}}", "payload": "availability", "qos": 1, "online_values": ["here", "present"]}
    assert found == {"host": "broker.example.org", "port": 8883, "tls": True, "subscriptions": [row]}


def test_secrets_are_kept_and_texts_are_cleared() -> None:
    found = settings_of("mqtt", Form(BROKER), keep_secrets=True)
    assert "password" not in found
    assert found["username"] is None
    assert settings_of("mqtt", Form(BROKER | {"settings.password": ["new"]}), keep_secrets=True)["password"] == "new"


def test_errors_find_their_rows() -> None:
    form = Form(BROKER)
    problem = {"detail": "x", "errors": [{"field": ROW.format(0, "topic"), "detail": "is odd"}]}
    assert form.failed(problem, names_of("mqtt", form)).error(ROW.format(1, "topic")) == "is odd"
    assert list(rows_of(form)) == [0, 1, 2, 3]
    assert names_of("chirpstack", form) == {}


def test_downlinks_have_the_fields_of_their_way() -> None:
    typed = {"settings.downlink.by": ["api"], "settings.downlink.url": ["https://x"], "settings.downlink.topic": ["left"]}
    assert settings_of("chirpstack", Form(typed), keep_secrets=False) == {"downlink": {"by": "api", "url": "https://x"}}
    assert settings_of("chirpstack", Form(), keep_secrets=True) == {"downlink": None}
    typed = {"settings.downlink.by": ["things_stack"], "settings.downlink.application_id": ["a"]}
    assert settings_of("things_stack", Form(typed), keep_secrets=False) == {"downlink": {"application_id": "a"}}
    assert settings_of("custom", Form(typed), keep_secrets=False) == {}


def test_what_exists_is_shown() -> None:
    subscriptions = [{"topic": "a/{{deviceId}}", "qos": 2, "online_values": ["on", "here"]}]
    settings: dict[str, Any] = {"host": "h", "tls": True, "password_set": True, "subscriptions": subscriptions}
    form = shown({"name": "B", "project_id": None, "type": "mqtt", "settings": settings})
    assert (form.value("settings.host"), form.flag("settings.tls"), form.value("settings.password")) == ("h", True, "")
    assert form.value(ROW.format(0, "online_values")) == "on, here"
    assert settings_of("mqtt", form, keep_secrets=True)["subscriptions"] == subscriptions
    downlink = {"url": "https://x", "api_key_set": True}
    form = shown({"name": "T", "project_id": None, "type": "things_stack", "settings": {"downlink": downlink}})
    assert (form.value("settings.downlink.by"), form.value("settings.downlink.url")) == ("things_stack", "https://x")
