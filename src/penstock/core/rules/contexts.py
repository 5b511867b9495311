"""The evaluation context of a rule: the trigger and the variables of its expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from penstock.core.devices.models import Device
from penstock.core.expressions.variables import Variables, cut, moment
from penstock.core.telemetry.models import Reading, Source
from penstock.kit.clock import format_time, parse_time
from penstock.kit.ids import DeviceId, OrgId, Prefix, RuleId, encode

_TIMES = frozenset({"time", "received", "now"})
"""Variables that contain times: RFC 3339 strings where they are stored, timestamps in expressions."""


class EvaluationContext(msgspec.Struct, frozen=True, kw_only=True):
    """The context of one evaluation.

    `cause` is its stable name, `parts` the values by variable, as `cut` returns them, `chain` the rules that led to it. If
    `reading`
    is set, the variable of that name is complete only in the inputs, because most conditions use only the reading's values.
    `at_us`
    is when it occurred, `arrived_us` when the server received it.
    """

    org_id: OrgId
    cause: str
    device_id: DeviceId | None
    at_us: int
    arrived_us: int
    parts: dict[str, Any]
    reading: Reading | None = None
    chain: tuple[RuleId, ...] = ()

    def inputs(self, names: Iterable[str]) -> dict[str, Any]:
        """The values of these variables for storage, with times as strings."""
        parts = self.parts
        if self.reading is not None:
            parts = parts | {"reading": reading_part(self.reading, parts["reading"]["values"])}
        return {name: _kept(parts[name]) for name in sorted(names) if name in parts}


def variables_of(inputs: Mapping[str, Any]) -> Variables:
    """The variables from stored inputs."""
    return Variables({name: _restored(name, value) for name, value in inputs.items()})


def reading_part(reading: Reading, values: Mapping[str, Any]) -> dict[str, Any]:
    """The variable `reading`. `values` are as `cut` returns them."""
    return {
        "id": encode(Prefix.READING, reading.seq),
        "values": values,
        "time": moment(reading.time_us),
        "received": moment(reading.received_us),
        "kind": reading.kind,
        "channel": reading.channel or "",
        "derived": reading.source == Source.RULE,
    }


def device_part(device: Device) -> dict[str, Any]:
    """The variable `device`."""
    found: dict[str, Any] = {
        "id": encode(Prefix.DEVICE, device.id),
        "name": device.name,
        "type": device.type,
        "labels": device.labels,
        "project_id": encode(Prefix.PROJECT, device.project_id),
        "identifiers": {one.kind.value: one.value for one in device.identifiers},
    }
    return dict(cut(found))


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        # In integers, because a float of this size has no exact microseconds.
        return format_time(int(value.timestamp()) * 1_000_000 + value.microsecond)
    if isinstance(value, dict):
        return {name: _kept(entry) for name, entry in value.items()}
    return [_kept(entry) for entry in value] if isinstance(value, list) else value


def _restored(name: str, value: Any) -> Any:
    if name == "now":
        return moment(parse_time(value))
    if name not in ("reading", "event") or not isinstance(value, dict):
        return value
    return {key: moment(parse_time(entry)) if key in _TIMES and isinstance(entry, str) else entry for key, entry in value.items()}
