"""Presets are settings that the API takes."""

from __future__ import annotations

import pytest

from penstock.api.console.connections.forms import preset, rows_of, settings_of
from penstock.api.console.connections.presets import PRESETS
from penstock.api.console.shared.forms import Form
from penstock.core.connections.settings import MqttSettings, read_settings


@pytest.mark.parametrize("name", [*PRESETS, "unknown"])
def test_they_are_valid(name: str) -> None:
    form = preset(name)
    sent = settings_of("mqtt", form, keep_secrets=False) | {"host": "broker.example.org"}
    found = read_settings(MqttSettings, sent)
    assert isinstance(found, MqttSettings)
    assert len(rows_of(form)) == len(found.subscriptions) + 2
    assert found.tls


def test_an_empty_form_has_rows_to_fill() -> None:
    assert list(rows_of(Form())) == [0, 1]
