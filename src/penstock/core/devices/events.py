"""Events of devices. Wire names are past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import DeviceId, RuleId

CREATED = "device.created"
UPDATED = "device.updated"
DELETED = "device.deleted"
TOKEN_REGENERATED = "device.token_regenerated"  # noqa: S105  (a topic, not a token)


class DeviceChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A device was created, updated, re-keyed or deleted; the topic states which. `chain` are the rules that led to it."""

    device_id: DeviceId
    name: str
    at_us: int
    chain: tuple[RuleId, ...] = ()
