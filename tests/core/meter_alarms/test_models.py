"""The state of an alarm."""

from __future__ import annotations

from penstock.core.meter_alarms.models import AlarmKind, AlarmState

from .test_episodes import alarm


def test_an_alarm_is_open_until_it_has_an_end() -> None:
    assert alarm(1, 2).state is AlarmState.OPEN
    assert alarm(1, 2, 3).state is AlarmState.CLOSED
    assert alarm(1, 2).key == (AlarmKind.BURST, "volume")
