"""The guides name the address and the header that the other side needs."""

from __future__ import annotations

import pytest

from penstock.api.console.connections.guides import SECRET, about, steps_of, trial_command
from penstock.core.connections.models import ConnectionType

BASE = "https://penstock.example.org"


@pytest.mark.parametrize("kind", [kind for kind in ConnectionType if kind is not ConnectionType.MQTT])
def test_steps_have_what_to_copy(kind: ConnectionType) -> None:
    steps = steps_of({"type": kind.value, "ingest_path": "/api/v2/ingest/con_1"}, BASE, "pcs_secret")
    values = [value for step in steps for _, value in step.values]
    assert f"{BASE}/api/v2/ingest/con_1" in values
    assert "X-Connection-Secret" in values
    assert "pcs_secret" in values


def test_a_broker_needs_no_steps() -> None:
    assert steps_of({"type": "mqtt", "ingest_path": None}, BASE, "") == []


def test_the_command_has_no_secret_in_it() -> None:
    assert f"X-Connection-Secret: {SECRET}" in trial_command(BASE)


def test_every_type_has_a_card() -> None:
    assert all(about(kind.value).suits for kind in ConnectionType)
    assert about("later").icon == "plug"
