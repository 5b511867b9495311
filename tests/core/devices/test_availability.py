"""Words of availability: each convention is understood, in any case, and no ordinary value is taken for one."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.devices.availability import WORD_NAMES, availability_of, read_word, reports_offline
from penstock.core.devices.models import Connectivity

ON, OFF = Connectivity.ONLINE, Connectivity.OFFLINE


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"LWT": "Offline"}, OFF),
        ({"lwt": " ONLINE\n"}, ON),
        ({"state": "offline"}, OFF),
        ({"availability": {"state": "online"}}, ON),
        ({"availability.state": "offline"}, OFF),
        ({"status": "oFFline"}, OFF),
        ({"online": False}, OFF),
        ({"online": "true"}, ON),
        ({"online": 0}, OFF),
        ({"availability": 1}, ON),
        ({"availability": "unavailable"}, OFF),
        ({"$state": "lost"}, OFF),
        ({"$state": "ready"}, ON),
        ({"uptime": 5, "status": "online"}, ON),
        ({"status": 0}, None),
        ({"status": "idle"}, None),
        ({"state": "ready"}, None),
        ({"connected": False}, None),
        ({"online": "maybe"}, None),
        ({"online": 1.0}, None),
        ({"online": None}, None),
        ({"t": "offline"}, None),
        ({}, None),
    ],
)
def test_what_values_say(values: dict[str, Any], said: Connectivity | None) -> None:
    assert availability_of(values) is said


def test_every_name_knows_the_two_words() -> None:
    for name in WORD_NAMES:
        assert (read_word("Online", name), read_word("OFFLINE", name), read_word("soon", name)) == (ON, OFF, None)


def test_only_a_status_says_it() -> None:
    assert reports_offline("status", b'{"status":"offline"}')
    assert not reports_offline("telemetry", b'{"status":"offline"}')
    assert not reports_offline("status", b'{"status":"online"}')
