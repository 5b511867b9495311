"""Errors about sensor templates."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SensorTemplateNotFound(PenstockError):
    """The caller's organisation has no sensor template with this id."""

    kind, code = Kind.NOT_FOUND, "sensor_templates.not_found"
    message = "sensor template {template_id} was not found"


class SensorTemplateExists(PenstockError):
    """The organisation already has a sensor template with this name."""

    kind, code = Kind.CONFLICT, "sensor_templates.exists"
    message = "sensor template {name} already exists"


class SensorTemplateLimitReached(PenstockError):
    """The organisation has reached its limit of sensor templates."""

    kind, code = Kind.EXHAUSTED, "sensor_templates.limit_reached"
    message = "an organisation can have at most {limit} sensor templates"


class SensorTemplateReadOnly(PenstockError):
    """Templates of the system can be neither changed nor deleted."""

    kind, code = Kind.CONFLICT, "sensor_templates.read_only"
    message = "sensor template {name} belongs to the system and cannot be changed"
