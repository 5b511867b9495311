"""The transports in which devices connect."""

from __future__ import annotations

import json
import shlex

import pytest

from penstock.api.console.connect import view
from penstock.api.console.shared.forms import Form


def test_ways_need_scopes() -> None:
    found = {
        transport["key"]: transport["allowed"] for transport in view.transports(lambda scope: scope == "devices:write", mqtt=True)
    }
    assert found == {"http": True, "mqtt": True, "agent": True, "lorawan": False, "broker": False}
    assert "mqtt" not in [transport["key"] for transport in view.transports(lambda _: True, mqtt=False)]


def test_devices_of_ways() -> None:
    form = Form({"name": ["A"], "eui": [" 70b3d57ed0061f2a "]})
    assert view.device(form, "http") == {"name": "A"}
    assert view.device(form, "agent") == {"name": "A", "type": "agent"}
    assert view.device(form, "lorawan") == {"name": "A", "identifiers": [{"kind": "eui", "value": "70b3d57ed0061f2a"}]}


def test_a_broker_has_only_what_was_filled_in() -> None:
    form = Form({"name": ["A"], "host": ["h"], "port": [""], "password": [""], "topic": ["t"]})
    assert view.broker(form) == {"name": "A", "type": "mqtt", "settings": {"host": "h", "subscriptions": [{"topic": "t"}]}}


def test_a_network_server_is_named_by_its_kind() -> None:
    assert view.network_server(Form({"network": ["things_stack"]})) == {"type": "things_stack", "name": "The Things Stack"}
    assert view.network_server(Form({"network": ["other"]})) == {"type": "other", "name": "other"}


@pytest.mark.parametrize("kind", list(view.NETWORKS))
def test_what_to_enter_and_how_to_try_it(kind: str) -> None:
    address = "https://iot.example.org/api/v2/ingest/con_1"
    assert address in [value for _, value in view.steps_of(kind, address)]
    form = Form({"eui": ["70:B3:D5:7E:D0:06:1F:2A"]})
    words = shlex.split(view.trial_of(kind, address, form))
    assert words[1].startswith(address)
    assert "70b3d57ed0061f2a" in json.dumps(json.loads(words[-1])).lower()
