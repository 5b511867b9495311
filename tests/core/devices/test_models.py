"""Identifiers have one spelling, and connectivity is told from what was noted and heard."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.devices.models import (
    Connectivity,
    Device,
    DeviceStatus,
    Identifier,
    IdentifierKind,
    normalize_identifier,
    spellings,
)
from penstock.kit.clock import HOUR_US, SECOND_US
from penstock.kit.errors import InvalidInput

NOW_US = 1_777_713_304_000_000
PUMP = Device(
    id=1,
    org_id=2,
    project_id=3,
    name="pump",
    type="sensor",
    description="",
    status=DeviceStatus.ACTIVE,
    settings={},
    labels={},
    location=None,
    identifiers=[],
    token_prefix="tok_",
    last_seen_us=None,
    created_us=0,
    updated_us=0,
)


def normalized(kind: IdentifierKind, value: str) -> str:
    return normalize_identifier(Identifier(kind=kind, value=value)).value


@pytest.mark.parametrize("text", ["70B3D57ED0061F2A", "70-b3-d5-7e-d0-06-1f-2a", "70:B3:D5:7E:D0:06:1F:2A", "70b3d57e d0061f2a"])
def test_an_eui_has_one_spelling(text: str) -> None:
    assert normalized(IdentifierKind.EUI, text) == "70b3d57ed0061f2a"


@pytest.mark.parametrize("text", ["00:1A:2B:3C:4D:5E", "001a2b3c4d5e", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e"])
def test_a_mac_address_has_one_spelling(text: str) -> None:
    assert normalized(IdentifierKind.MAC, text) == "00:1a:2b:3c:4d:5e"


@pytest.mark.parametrize("kind", [IdentifierKind.SERIAL, IdentifierKind.EXTERNAL])
def test_other_names_are_kept_as_they_are(kind: IdentifierKind) -> None:
    assert normalized(kind, "SN: 00-1A") == "SN: 00-1A"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (IdentifierKind.EUI, "70b3d57ed0061f2"),
        (IdentifierKind.EUI, "70b3d57ed0061f2g"),
        (IdentifierKind.EUI, "７0b3d57ed0061f2a"),
        (IdentifierKind.MAC, "00:1a:2b:3c:4d"),
        (IdentifierKind.MAC, "00:1a:2b:3c:4d:5e:6f"),
        (IdentifierKind.SERIAL, "   "),
        (IdentifierKind.EXTERNAL, "x" * 201),
    ],
)
def test_what_is_no_such_identifier_is_refused(kind: IdentifierKind, text: str) -> None:
    with pytest.raises(InvalidInput):
        normalized(kind, text)


@given(st.sampled_from(IdentifierKind), st.text(max_size=40) | st.from_regex(r"[0-9A-Fa-f]{16}", fullmatch=True))
def test_normalizing_again_changes_nothing(kind: IdentifierKind, text: str) -> None:
    try:
        once = normalized(kind, text)
    except InvalidInput:
        return
    assert normalized(kind, once) == once


def test_a_name_of_unknown_kind_is_looked_for_in_every_spelling_that_it_may_have() -> None:
    assert spellings("00-1A-2B-3C-4D-5E") == {"00-1A-2B-3C-4D-5E", "00:1a:2b:3c:4d:5e"}
    assert spellings("70B3D57ED0061F2A") == {"70B3D57ED0061F2A", "70b3d57ed0061f2a"}
    assert spellings("pump 7") == {"pump 7"}


@pytest.mark.parametrize(
    ("noted", "noted_ago_us", "seen_ago_us", "interval_us", "expected"),
    [
        (None, None, None, None, Connectivity.NEVER),
        (Connectivity.OFFLINE, 60 * SECOND_US, 90 * SECOND_US, None, Connectivity.OFFLINE),
        (Connectivity.OFFLINE, 60 * SECOND_US, 5 * SECOND_US, None, Connectivity.ONLINE),
        (None, None, HOUR_US, None, Connectivity.ONLINE),
        (None, None, HOUR_US + 1, None, Connectivity.OFFLINE),
        (None, None, 90 * SECOND_US, 60 * SECOND_US, Connectivity.ONLINE),
        (None, None, 90 * SECOND_US + 1, 60 * SECOND_US, Connectivity.OFFLINE),
        (Connectivity.ONLINE, 9 * HOUR_US, 9 * HOUR_US, None, Connectivity.ONLINE),
    ],
)
def test_connectivity_is_what_was_noted_unless_a_reading_came_since(
    noted: Connectivity | None,
    noted_ago_us: int | None,
    seen_ago_us: int | None,
    interval_us: int | None,
    expected: Connectivity,
) -> None:
    device = msgspec.structs.replace(
        PUMP,
        noted=noted,
        noted_us=None if noted_ago_us is None else NOW_US - noted_ago_us,
        last_seen_us=None if seen_ago_us is None else NOW_US - seen_ago_us,
        expected_interval_us=interval_us,
    )
    assert device.connectivity(NOW_US, offline_after_us=HOUR_US) is expected
