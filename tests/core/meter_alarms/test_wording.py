"""Every alarm has a sentence for people, with its number as people write it."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.meter_alarms.models import AlarmKind
from penstock.core.meter_alarms.wording import message_of
from penstock.core.telemetry.fields import Scalar

from .test_episodes import alarm


@pytest.mark.parametrize("kind", AlarmKind)
@pytest.mark.parametrize("value", [None, True, 0.004, 12, "LOW"])
def test_a_sentence_for_each_kind_and_value(kind: AlarmKind, value: Scalar | None) -> None:
    made = msgspec.structs.replace(alarm(1, 2), kind=kind, value=value, unit="m3", field="tamper")
    text = message_of(made)
    assert text.endswith(".")
    assert "None" not in text
    assert "  " not in text


def test_numbers_are_short() -> None:
    made = msgspec.structs.replace(alarm(1, 2), value=0.1 + 0.2, unit="m3/h")
    assert message_of(made) == "The flow is unusually high, up to 300 L/h. A pipe may have burst."
    made = msgspec.structs.replace(made, value=4.25)
    assert message_of(made) == "The flow is unusually high, up to 4.25 m³/h. A pipe may have burst."
    made = msgspec.structs.replace(made, kind=AlarmKind.FROZEN, value=14.9, unit="d")
    assert message_of(made) == "The counter has not moved for 14 days. The meter may be blocked or broken."
