"""How a message of an event type looks."""

from __future__ import annotations

from penstock.core.commands.models import Parameter, ParameterType
from penstock.core.event_types.models import message_format


def test_fixed_values_choices_and_free_values() -> None:
    fields = (
        Parameter(name="state", type=ParameterType.ENUM, values=("open", "shut")),
        Parameter(name="kind", type=ParameterType.ENUM, values=("door",)),
        Parameter(name="count", type=ParameterType.INTEGER),
    )
    assert message_format("moved", fields) == {"moved": {"state": "<open|shut>", "kind": "door", "count": "<free value>"}}
    assert message_format("ping", ()) == {"ping": {}}
