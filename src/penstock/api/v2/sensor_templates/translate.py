"""Converts sensor templates between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.sensor_templates import wire
from penstock.core.sensor import ValueType
from penstock.core.sensor_templates.models import NewSensorTemplate, SensorTemplate, SensorTemplatePatch
from penstock.kit.clock import format_time_or_none
from penstock.kit.fields import converted, same_fields
from penstock.kit.ids import Prefix, encode


def to_core_template(body: wire.SensorTemplateCreate) -> NewSensorTemplate:
    return NewSensorTemplate(**same_fields(body, NewSensorTemplate), value_type=ValueType(body.value_type))


def to_core_patch(body: wire.SensorTemplatePatch) -> SensorTemplatePatch:
    return SensorTemplatePatch(**same_fields(body, SensorTemplatePatch), value_type=converted(body.value_type, ValueType))


def from_core_template(found: SensorTemplate) -> wire.SensorTemplate:
    return wire.SensorTemplate(
        **same_fields(found, wire.SensorTemplate),
        id=encode(Prefix.SENSOR_TEMPLATE, found.id),
        value_type=found.value_type.value,
        created_at=format_time_or_none(found.created_us),
        updated_at=format_time_or_none(found.updated_us),
    )
