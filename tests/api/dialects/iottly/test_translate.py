"""The pure part: names that can be read back, and when a device counts as connected."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.api.dialects.iottly.errors import error_body
from penstock.api.dialects.iottly.names import decode_uuid, encode_uuid, message_name
from penstock.api.dialects.iottly.translate import is_connected, to_core_moment
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import Device, DeviceStatus
from penstock.core.devices.presence import Presence
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InternalError, InvalidInput, PenstockError

NOW_US = 1_777_713_304 * SECOND_US
OFFLINE_AFTER_US = 900 * SECOND_US


@given(st.integers(0, 2**63 - 1))
def test_a_uuid_can_be_read_back(number: int) -> None:
    text = encode_uuid(number)
    assert decode_uuid(text) == number
    assert (uuid.UUID(text).version, uuid.UUID(text).variant) == (4, uuid.RFC_4122)


@given(st.integers(0, 2**63 - 1), st.integers(0, 121))
def test_a_mistyped_uuid_is_nobodys(number: int, bit: int) -> None:
    place = bit if bit < 62 else bit + 2 if bit < 74 else bit + 6
    assert decode_uuid(str(uuid.UUID(int=uuid.UUID(encode_uuid(number)).int ^ 1 << place))) is None


@given(st.uuids(version=4))
def test_a_uuid_of_others_is_not_ours(other: uuid.UUID) -> None:
    assert decode_uuid(str(other)) is None


@given(st.integers(0, 4_102_444_799_999_999), st.integers(0, 2**40), st.integers(0, 10**9), st.integers(1, 10**6))
def test_later_messages_have_greater_names(received_us: int, seq: int, wait_us: int, more: int) -> None:
    assert message_name(received_us, seq) < message_name(received_us + wait_us, seq + more)


@pytest.mark.parametrize(
    ("presence", "seen_s_ago", "connected"),
    [
        (Presence(1, NOW_US), None, True),
        (None, None, False),
        (None, 60, True),
        (None, 901, False),
        (Presence(0, NOW_US - 30 * SECOND_US, DisconnectReason.LOST), 60, False),
        (Presence(0, NOW_US - 90 * SECOND_US, DisconnectReason.LOST), 60, True),
    ],
)
def test_when_a_device_is_connected(presence: Presence | None, seen_s_ago: int | None, connected: bool) -> None:
    device = Device(
        id=1,
        org_id=1,
        project_id=1,
        name="pump",
        type="agent",
        description="",
        status=DeviceStatus.ACTIVE,
        settings={},
        labels={},
        location=None,
        identifiers=[],
        token_prefix="",
        last_seen_us=None if seen_s_ago is None else NOW_US - seen_s_ago * SECOND_US,
        created_us=0,
        updated_us=0,
    )
    assert is_connected(device, presence, NOW_US, OFFLINE_AFTER_US) is connected


@pytest.mark.parametrize(
    "text", ["1777713304", "1777713304000", "2026-05-02T09:15:04", "2026-05-02 09:15:04.000", "2026-05-02T11:15:04+02:00"]
)
def test_a_time_in_every_spelling(text: str) -> None:
    assert to_core_moment(text, "from") == NOW_US


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InternalError(), "Server error"),
        (InvalidInput.field("name", "must be a string"), "Invalid name: must be a string"),
        (InvalidInput.field("", "the query must not contain a NUL character"), "The query must not contain a NUL character"),
    ],
)
def test_an_error_is_one_text(error: PenstockError, text: str) -> None:
    assert error_body(error, "req_1").error == text
