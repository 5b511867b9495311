"""The variables of a preview: those of a stored reading, and the samples in the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.core.devices.models import Device
from penstock.core.expressions.engine import Kind
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import cut, moment
from penstock.core.rules.contexts import device_part, reading_part
from penstock.core.telemetry.models import Reading
from penstock.core.webhooks.events import of_reading
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput

_CLASSES: dict[Kind, tuple[type, str]] = {
    Kind.TEXT: (str, "a string"),
    Kind.BOOLEAN: (bool, "true or false"),
    Kind.VALUES: (dict, "an object"),
    Kind.TEXTS: (dict, "an object of strings"),
    Kind.NUMBERS: (dict, "an object of numbers"),
}


def stored_parts(reading: Reading | None, device: Device | None, now_us: int) -> dict[str, Any]:
    """The variables of a stored reading and of its device, for any use."""
    parts: dict[str, Any] = {"now": moment(now_us)}
    if device is not None:
        parts["device"] = device_part(device)
    if reading is not None:
        values = msgspec.json.decode(reading.payload)
        event = of_reading(reading)
        parts["reading"] = reading_part(reading, cut(values))
        parts["latest"] = cut(values)
        parts["event"] = {"type": event.topic, "data": cut(msgspec.json.decode(event.data))}
    return parts


def sample_parts(scope: Scope, samples: Mapping[str, Any]) -> dict[str, Any]:
    """The samples of a request, with their times.

    Raises:
        InvalidInput: a sample belongs to no variable of this use, or has another type; the field is named.
    """
    known = {tuple(name.split(".")): kind for name, kind in scope.kinds.items()}
    return {noun: _part((noun,), value, known) for noun, value in samples.items()}


def merged(stored: Mapping[str, Any], samples: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values, each replaced by its sample if there is one."""
    found = dict(stored)
    for noun, sample in samples.items():
        before = found.get(noun)
        found[noun] = before | sample if isinstance(before, dict) and isinstance(sample, dict) else sample
    return found


def _part(path: tuple[str, ...], value: Any, known: Mapping[tuple[str, ...], Kind]) -> Any:
    kind = known.get(path)
    if kind is not None:
        return _sample(value, kind, _field(path))
    if not any(one[: len(path)] == path for one in known):
        names = ", ".join(sorted({one[0] for one in known})) if len(path) == 1 else ", ".join(sorted(map(".".join, known)))
        raise InvalidInput.field(_field(path), f"is not a variable of this use; it must be one of {names}", "unknown")
    if not isinstance(value, dict):
        raise InvalidInput.field(_field(path), "must be an object", "type")
    return {name: _part((*path, name), entry, known) for name, entry in value.items()}


def _sample(value: Any, kind: Kind, field: str) -> Any:
    if kind is Kind.TIME:
        try:
            return moment(parse_time(value))
        except (ValueError, TypeError, AttributeError):
            raise InvalidInput.field(field, "must be an RFC 3339 time, such as 2026-05-02T09:15:04Z", "time") from None
    accepted, words = _CLASSES.get(kind, (object, ""))
    entries = list(value.values()) if isinstance(value, dict) else []
    fits = {
        Kind.TEXTS: all(isinstance(one, str) for one in entries),
        Kind.NUMBERS: all(isinstance(one, int | float) and not isinstance(one, bool) for one in entries),
    }.get(kind, True)
    if not isinstance(value, accepted) or not fits:
        raise InvalidInput.field(field, f"must be {words}", "type")
    return cut(value)


def _field(path: tuple[str, ...]) -> str:
    return ".".join(("variables", *path))
