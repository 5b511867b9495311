"""Errors about alerts."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class AlertNotFound(PenstockError):
    """The caller's organisation has no alert with this id."""

    kind, code = Kind.NOT_FOUND, "alerts.not_found"
    message = "alert {alert_id} was not found"


class OccurrenceNotFound(PenstockError):
    """The caller's organisation has no alert event with this id."""

    kind, code = Kind.NOT_FOUND, "alerts.event_not_found"
    message = "alert event {event_id} was not found"


class AlertLimitReached(PenstockError):
    """The organisation has reached its plan's limit of alerts."""

    kind, code = Kind.EXHAUSTED, "alerts.limit_reached"
    message = "the plan allows at most {limit} alerts"
