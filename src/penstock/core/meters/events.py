"""Events of meters. Names on the wire are in the past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import DeviceId, EditId, RuleId

VALUE_EDITED = "meter.value.edited"


class ValueEdited(msgspec.Struct, frozen=True, kw_only=True):
    """A person edited a value of a register, or withdrew an edit. `value` is a decimal string in `unit`. `chain`: see `Actor`."""

    edit_id: EditId
    device_id: DeviceId
    register: str
    kind: str
    time_us: int
    value: str | None
    unit: str
    reason: str
    author: str
    withdrawn: bool
    at_us: int
    chain: tuple[RuleId, ...] = ()
