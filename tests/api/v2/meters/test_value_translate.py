"""Values and edits as they are sent and shown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.api.v2.meters import value_wire as wire
from penstock.api.v2.meters.value_translate import from_core_edit, from_core_values, to_core_edit, to_core_filter
from penstock.core.meters.editing import ShownEdit
from penstock.core.meters.models import MeterOf
from penstock.core.meters.store import EditFilter
from penstock.core.meters.validated import FoundValues
from penstock.core.meters.values import EditKind, Reason, Status, Value
from penstock.kit.clock import MAX_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId
from tests.adapters.storage.sqlite.test_meters import EDIT
from tests.core.meters.test_settings import LITRES
from tests.support.days import NOON_US

NOON = "2026-05-02T12:00:00Z"
OF = MeterOf(device_id=DeviceId(10), name="Flat 12", versions=(LITRES,))


def test_an_edit_as_sent() -> None:
    new = to_core_edit(wire.EditCreate(kind="correct", time=NOON, reason="read", value=12345.6))
    assert (new.kind, new.time_us, new.value, new.register) == (EditKind.CORRECT, NOON_US, Decimal("12345.6"), None)
    assert to_core_edit(wire.EditCreate(kind="void", time=NOON, reason="read")).value is None


def test_filters_by_the_times_of_values() -> None:
    assert to_core_filter(wire.EditQuery()) == EditFilter(from_us=0, to_us=MAX_US)
    some = to_core_filter(wire.EditQuery(from_=NOON, to=NOON, register="volume", withdrawn=True))
    assert some == EditFilter(from_us=NOON_US, to_us=NOON_US, register="volume", withdrawn=True)
    with pytest.raises(InvalidInput):
        to_core_filter(wire.EditQuery(from_=NOON, to="2026-05-01T12:00:00Z"))


def test_values_are_shown_in_the_register_s_unit() -> None:
    edited = Value(time_us=NOON_US, counter=12_345_600_000, status=Status.EDITED, original="x", edit=EDIT)
    suspect = Value(time_us=NOON_US, counter=None, status=Status.SUSPECT, reason=Reason.NOT_A_NUMBER, original="x")
    shown = from_core_values(FoundValues(of=OF, values=[edited, suspect], has_more=True))
    assert (shown.name, shown.register, shown.unit, shown.has_more) == ("Flat 12", "volume", "L", True)
    first, second = shown.values
    assert (bytes(first.value), first.status, first.reason, first.original) == (b"12345.6", "edited", None, "x")
    assert first.edit is not None
    assert bytes(first.edit.value) == b"12345.6"
    assert (bytes(second.value), second.reason, second.edit) == (b"null", "not_a_number", None)


def test_an_edit_of_a_register_that_is_no_more_has_no_value() -> None:
    shown = from_core_edit(ShownEdit(edit=EDIT, value=None, unit=""))
    assert (bytes(shown.value), shown.created_at, shown.withdrawn_at) == (b"null", "2026-05-02T12:00:00.000005Z", None)
