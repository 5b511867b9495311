"""Re-decodes between wire and core: one selection, a range that is not empty, and open ends as null."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.v2.redecodes import wire
from penstock.api.v2.redecodes.translate import from_core_redecode, to_core_filter, to_core_selection
from penstock.core.redecodes.models import RedecodeFilter, RedecodeState, Selection
from penstock.kit.clock import MAX_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, ProfileId, encode
from tests.core.redecodes.test_models import redecode
from tests.support.days import NOON_US

DEVICE, PROFILE = encode(Prefix.DEVICE, DeviceId(10)), encode(Prefix.PROFILE, ProfileId(5))
NOON = "2026-05-02T12:00:00Z"


def body(**about: Any) -> wire.RedecodeCreate:
    return msgspec.convert(about, wire.RedecodeCreate)


def test_a_selection_is_open_where_nothing_is_said() -> None:
    assert to_core_selection(body(device_id=DEVICE)) == Selection(device_id=DeviceId(10))
    asked = body(profile_id=PROFILE, only_failed=True, **{"from": NOON, "to": "2026-05-02T14:00:00.000001+02:00"})
    expected = Selection(profile_id=ProfileId(5), only_failed=True, from_us=NOON_US, to_us=NOON_US + 1)
    assert to_core_selection(asked) == expected


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({}, "device_id"),
        ({"device_id": DEVICE, "profile_id": PROFILE}, "profile_id"),
        ({"device_id": DEVICE, "project_id": "prj_x"}, "project_id"),
        ({"device_id": PROFILE}, "device_id"),
        ({"profile_id": DEVICE}, "profile_id"),
        ({"project_id": "x"}, "project_id"),
        ({"device_id": DEVICE, "from": "yesterday"}, "from"),
        ({"device_id": DEVICE, "to": "2026-13-01T00:00:00Z"}, "to"),
        ({"device_id": DEVICE, "from": NOON, "to": NOON}, "to"),
    ],
)
def test_what_selects_nothing_is_named(about: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_core_selection(body(**about))
    assert refused.value.errors[0].field == field


def test_a_filter() -> None:
    found = to_core_filter(wire.RedecodeQuery(state="done", device_id=DEVICE))
    assert found == RedecodeFilter(state=RedecodeState.DONE, device_id=DeviceId(10))


def test_a_redecode_is_shown_with_open_ends_as_null() -> None:
    shown = from_core_redecode(redecode(1, device_id=DeviceId(10), from_us=0, to_us=MAX_US))
    assert (shown.from_, shown.to, shown.device_id, shown.profile_id, shown.finished_at) == (None, None, DEVICE, None, None)
    shown = from_core_redecode(redecode(1, from_us=NOON_US, to_us=NOON_US, finished_us=NOON_US))
    assert (shown.from_, shown.to, shown.finished_at) == (NOON, NOON, NOON)
