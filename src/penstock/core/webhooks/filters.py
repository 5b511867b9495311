"""Which endpoints an event is sent to."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.devices.models import Device
from penstock.core.expressions.expression import Expression, compile_expression
from penstock.core.expressions.variables import Variables
from penstock.core.webhooks.models import Endpoint, Event, Origin
from penstock.core.webhooks.topics import CATALOGUE, READING, matches
from penstock.kit.ids import Prefix, encode

AGENT_KINDS = frozenset({"agent", "status"})
VARIABLES = frozenset({"event", "device"})


class Interest:
    """The subscription of an endpoint, compiled for repeated matching. `needs_device`: `accepts` must be passed the device."""

    def __init__(self, endpoint: Endpoint) -> None:
        filters = endpoint.filters
        self._filters = filters
        self._project_id = endpoint.project_id
        self._devices = frozenset(filters.device_ids)
        self._labels = filters.labels.items()
        self._condition: Expression | None = compile_condition(filters.condition)
        self._topics = endpoint.topics
        self._known: dict[str, bool] = {}
        self.selects_readings = any(self.selects(f"{READING}{kind}") for kind in ("telemetry", "agent", "status", "other"))
        self.needs_device = bool(self._labels or self._condition or self._project_id is not None)

    def selects(self, topic: str) -> bool:
        """Whether the endpoint subscribes to the topic."""
        found = self._known.get(topic)
        if found is None:
            found = self._known[topic] = any(matches(one, topic) for one in self._topics)
        return found

    def could_accept(self, event: Event) -> bool:
        """Whether the event matches, as far as this can be decided without its device."""
        # A pattern such as `device.*` must not match events that the catalogue does not offer.
        if event.topic not in CATALOGUE or not self.selects(event.topic):
            return False
        if self._devices and event.device_id not in self._devices:
            return False
        if event.action is not None and self._filters.actions and not _one_of(self._filters.actions, event.action):
            return False
        return self._accepts_reading(event)

    def accepts(self, event: Event, device: Device | None) -> bool:
        """Whether an event that `could_accept` passed matches.

        An event without a device has no labels, and belongs to no project unless it states one.
        """
        if self._project_id is not None and self._project_id != (event.project_id if device is None else device.project_id):
            return False
        if self._labels and (device is None or not self._labels <= device.labels.items()):
            return False
        # A condition that fails, or uses a missing value, accepts nothing.
        return self._condition is None or self._condition.test(_variables(event, device)).value is True

    def _accepts_reading(self, event: Event) -> bool:
        reading, filters = event.reading, self._filters
        if reading is None:
            return filters.channel is None and filters.origin is None
        if filters.channel is not None and reading.channel != filters.channel:
            return False
        return filters.origin is None or (filters.origin is Origin.AGENT) == (reading.kind in AGENT_KINDS)


def compile_condition(source: str | None, field: str = "filters.condition") -> Expression | None:
    """Compile a condition over `event` and `device`.

    Raises:
        InvalidInput: it is not a valid expression.
    """
    return None if source is None else compile_expression(source, field, VARIABLES)


def _one_of(patterns: tuple[str, ...], action: str) -> bool:
    return any(action.startswith(pattern[:-1]) if pattern.endswith("*") else action == pattern for pattern in patterns)


def _variables(event: Event, device: Device | None) -> Variables:
    about: dict[str, Any] = {}
    if device is not None:
        about = {
            "id": encode(Prefix.DEVICE, device.id),
            "name": device.name,
            "type": device.type,
            "labels": device.labels,
            "project_id": encode(Prefix.PROJECT, device.project_id),
        }
    return Variables({"event": {"type": event.topic, "data": msgspec.json.decode(event.data)}, "device": about})
