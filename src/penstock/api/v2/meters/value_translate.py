"""Converts values and edits between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.meters import value_wire as wire
from penstock.api.v2.meters.register_translate import exact_or_null, to_core_number
from penstock.api.v2.meters.translate import amount_or_null, ratio_of
from penstock.api.v2.ranges import parse_moment
from penstock.core.meters.editing import NewEdit, ShownEdit
from penstock.core.meters.models import MeterOf
from penstock.core.meters.store import EditFilter
from penstock.core.meters.units import in_unit
from penstock.core.meters.validated import FoundValues
from penstock.core.meters.values import Edit, EditKind, Value
from penstock.kit.clock import MAX_US, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, encode


def to_core_edit(body: wire.EditCreate) -> NewEdit:
    return NewEdit(
        register=body.register,
        kind=EditKind(body.kind),
        time_us=parse_moment(body.time, "time"),
        value=converted(body.value, to_core_number),
        reason=body.reason,
    )


def to_core_filter(query: wire.EditQuery) -> EditFilter:
    from_us = parse_moment(query.from_, "from") if query.from_ else 0
    to_us = parse_moment(query.to, "to") if query.to else MAX_US
    if from_us > to_us:
        raise InvalidInput.field("to", "must not be before from")
    return EditFilter(register=query.register, from_us=from_us, to_us=to_us, withdrawn=query.withdrawn)


def from_core_edit(found: ShownEdit) -> wire.Edit:
    edit = found.edit
    return wire.Edit(
        id=encode(Prefix.EDIT, edit.id),
        register=edit.register,
        kind=edit.kind.value,
        time=format_time(edit.time_us),
        value=exact_or_null(found.value),
        unit=found.unit,
        reason=edit.reason,
        author=edit.author,
        created_at=format_time(edit.created_us),
        withdrawn_at=converted(edit.withdrawn_us, format_time),
        withdrawn_by=edit.withdrawn_by,
        withdrawn_reason=edit.withdrawn_reason,
    )


def from_core_values(found: FoundValues) -> wire.MeterValues:
    return wire.MeterValues(
        device_id=encode(Prefix.DEVICE, found.of.device_id),
        name=found.of.name,
        register=found.of.register.name,
        unit=found.of.unit,
        values=[from_core_value(found.of, value) for value in found.values],
        has_more=found.has_more,
    )


def from_core_value(of: MeterOf, value: Value) -> wire.Value:
    return wire.Value(
        time=format_time(value.time_us),
        value=amount_or_null(value.counter, ratio_of(of)),
        unit=of.unit,
        status=value.status.value,
        reason=None if value.reason is None else value.reason.value,
        original=value.original,
        edit=None if value.edit is None else from_core_edit(_shown(of, value.edit)),
    )


def _shown(of: MeterOf, edit: Edit) -> ShownEdit:
    value = None if edit.counter is None else in_unit(edit.counter, ratio_of(of))
    return ShownEdit(edit=edit, value=value, unit=of.unit)
