"""What a resident sees of an alarm that began before they moved in."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.meter_alarms.models import AlarmKind
from penstock.core.meter_alarms.residents import seen_since

from .test_episodes import alarm, us


@pytest.mark.parametrize("kind", AlarmKind)
def test_nothing_from_before(kind: AlarmKind) -> None:
    made = msgspec.structs.replace(alarm(1, 5), kind=kind, value=0.5)
    seen = seen_since(made, us(3))
    assert (seen.since_us, seen.last_us) == (us(3), us(5))
    assert seen.value == (0.5 if kind in (AlarmKind.LOW_BATTERY, AlarmKind.TAMPER) else None)
    assert seen_since(made, us(1)) == made
    assert seen_since(made, us(9)).last_us == us(9)
