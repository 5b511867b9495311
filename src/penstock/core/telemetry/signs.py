"""Signs of life in readings that do not reach the log: those that were quarantined, or delivered before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from penstock.core.devices.seen import SeenDevices
from penstock.core.telemetry.models import KIND_MALFORMED, Reading, Source

_RULE = int(Source.RULE)
"""As a plain number, because it is compared for every reading."""
_NO_SIGNS = frozenset({"status", KIND_MALFORMED})
"""Kinds that do not show that the device transmitted: a broker can send its status, or anything else, in its place."""


def notes_signs(seen: SeenDevices) -> Callable[[Sequence[Reading], bool], None]:
    """A listener of the log that notes the devices of such readings. The observer notes those of all others."""

    def note(readings: Sequence[Reading], stored: bool) -> None:
        if not stored:
            return
        for reading in readings:
            if (reading.duplicate or reading.quarantined) and reading.source < _RULE and reading.kind not in _NO_SIGNS:
                seen.note(reading.org_id, reading.device_id)

    return note
