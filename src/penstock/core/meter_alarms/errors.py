"""Errors about alarms of meters."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class MeterAlarmNotFound(PenstockError):
    """No alarm of a meter with this id exists in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "meter_alarms.not_found"
    message = "meter alarm {alarm_id} was not found"
