"""Which endpoints an event is sent to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

from penstock.core.devices.models import Device
from penstock.core.expressions.engine import Kind
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.expressions.expression import ErrorReason, Expression, compile_condition
from penstock.core.expressions.scope import Scope
from penstock.core.webhooks.models import Endpoint, Event, Filters, Origin
from penstock.core.webhooks.topics import AUDIT, CATALOGUE, READING, matches
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode

FIELD = "filters.condition"
AGENT_KINDS = frozenset({"agent", "status"})
SCOPE = Scope(
    {
        "event.type": Kind.TEXT,
        "event.data": Kind.ANY,
        "device.id": Kind.TEXT,
        "device.name": Kind.TEXT,
        "device.type": Kind.TEXT,
        "device.labels": Kind.TEXTS,
        "device.project_id": Kind.TEXT,
    }
)
Shapes: TypeAlias = Mapping[str, frozenset[str]]
"""The fields of the data of events, by topic."""


class Interest:
    """The subscription of an endpoint, compiled for repeated matching. `needs_device`: `accepts` must be passed the device."""

    def __init__(self, endpoint: Endpoint, errors: EvaluationErrors) -> None:
        filters = endpoint.filters
        self._endpoint = endpoint
        self._errors = errors
        self._filters = filters
        self._project_id = endpoint.project_id
        self._devices = frozenset(filters.device_ids)
        self._labels = filters.labels.items()
        self._invalid = ""
        self._condition = self._compiled(filters.condition)
        self._topics = endpoint.topics
        self._known: dict[str, bool] = {}
        self.selects_readings = any(self.selects(f"{READING}{kind}") for kind in ("telemetry", "agent", "status", "other"))
        self.needs_device = bool(self._labels or filters.condition is not None or self._project_id is not None)

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
        return self._fulfils_condition(event, device)

    def _compiled(self, source: str | None) -> Expression | None:
        """The condition. One that was stored before a stricter check may no longer compile; it then accepts nothing."""
        try:
            return None if source is None else compile_condition(source, FIELD, SCOPE)
        except InvalidInput as error:
            self._invalid = error.detail
            return None

    def _fulfils_condition(self, event: Event, device: Device | None) -> bool:
        """Whether the condition is true. One that fails, or uses a missing value, accepts nothing."""
        if self._condition is None:
            return not self._invalid or self._failed(self._invalid)
        found = self._condition.test_uncut(parts_of(event, device))
        return self._failed(found.reason) if found.error is ErrorReason.FAILED else found.value is True

    def _failed(self, reason: str) -> bool:
        self._errors.record(self._endpoint.org_id, Use.WEBHOOK, self._endpoint.id, reason)
        return False

    def _accepts_reading(self, event: Event) -> bool:
        reading, filters = event.reading, self._filters
        if reading is None:
            return filters.channel is None and filters.origin is None
        if filters.channel is not None and reading.channel != filters.channel:
            return False
        return filters.origin is None or (filters.origin is Origin.AGENT) == (reading.kind in AGENT_KINDS)


def check_condition(source: str | None, topics: Iterable[str], shapes: Shapes) -> None:
    """Check a condition over `event` and `device`. The fields of `event.data` are those of the topics, if all are known.

    Raises:
        InvalidInput: it is not a valid expression, or names a field that no event of these topics has.
    """
    if source is not None:
        compile_condition(source, FIELD, scope_of(topics, shapes))


def check_filters(filters: Filters, topics: Iterable[str], shapes: Shapes) -> None:
    """Check that some event of these topics can pass.

    Raises:
        InvalidInput: the condition is not valid, or a filter excludes every event; the field is named.
    """
    patterns = tuple(topics)
    check_condition(filters.condition, patterns, shapes)
    selected = [name for name in CATALOGUE if any(matches(one, name) for one in patterns)]
    readings = [name.removeprefix(READING) for name in selected if name.startswith(READING)]
    if filters.channel is not None and not readings:
        raise InvalidInput.field("filters.channel", "requires a topic of readings, such as reading.telemetry")
    if filters.origin is not None and not any((kind in AGENT_KINDS) == (filters.origin is Origin.AGENT) for kind in readings):
        named = "reading.agent" if filters.origin is Origin.AGENT else "reading.telemetry"
        raise InvalidInput.field("filters.origin", f"requires a topic of such readings: {named}")
    if filters.actions and AUDIT not in selected:
        raise InvalidInput.field("filters.actions", f"requires the topic {AUDIT}")
    if any("device_id" in shapes[name] for name in selected if name in shapes) or not all(name in shapes for name in selected):
        return
    uses_device = filters.condition is not None and "device" in compile_condition(filters.condition, FIELD, SCOPE).names
    for field, used in (("device_ids", filters.device_ids), ("labels", filters.labels), ("condition", uses_device)):
        if used:
            raise InvalidInput.field(f"filters.{field}", "requires a topic whose events concern a device")


def scope_of(topics: Iterable[str], shapes: Shapes) -> Scope:
    """The variables of a condition for events of these topics."""
    selected = [name for name, topic in CATALOGUE.items() if topic.sent and any(matches(one, name) for one in topics)]
    if not selected or not all(name in shapes for name in selected):
        return SCOPE
    return SCOPE.with_keys({"event.data": frozenset().union(*(shapes[name] for name in selected))})


def _one_of(patterns: tuple[str, ...], action: str) -> bool:
    return any(action.startswith(pattern[:-1]) if pattern.endswith("*") else action == pattern for pattern in patterns)


def parts_of(event: Event, device: Device | None) -> dict[str, Any]:
    """The variables of a condition. An event without a device has no `device`."""
    found: dict[str, Any] = {"event": {"type": event.topic, "data": msgspec.json.decode(event.data)}}
    if device is not None:
        found["device"] = {
            "id": encode(Prefix.DEVICE, device.id),
            "name": device.name,
            "type": device.type,
            "labels": device.labels,
            "project_id": encode(Prefix.PROJECT, device.project_id),
        }
    return found
