"""Refusals about alerts."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class AlertNotFound(PenstockError):
    """No alert with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "alerts.not_found"
    message = "alert {alert_id} not found"


class OccurrenceNotFound(PenstockError):
    """No alert event with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "alerts.event_not_found"
    message = "alert event {event_id} not found"


class AlertLimitReached(PenstockError):
    """The organisation has as many alerts as its plan allows."""

    kind, code = Kind.EXHAUSTED, "alerts.limit_reached"
    message = "the plan allows {limit} alerts"
