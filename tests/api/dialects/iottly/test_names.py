"""Iottly's names: they come back, and a mistyped one is nobody's."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from penstock.api.dialects.iottly.names import decode_uuid, device_name, encode_uuid, is_uuid, message_name
from penstock.core.devices.models import Identifier, IdentifierKind
from penstock.kit.ids import DeviceId

NUMBERS = st.integers(0, 2**63 - 1).map(DeviceId)
BROUGHT = "0b9b2e5c-7d3f-4f6a-9a51-0c2d4e6f8a1b"


@given(NUMBERS)
def test_a_uuid_of_version_4_comes_back(device_id: DeviceId) -> None:
    text = encode_uuid(device_id)
    assert (UUID(text).version, UUID(text).variant) == (4, "specified in RFC 4122")
    assert decode_uuid(text) == device_id


@given(NUMBERS, st.integers(0, 127))
def test_a_uuid_with_one_wrong_bit_is_nobodys(device_id: DeviceId, bit: int) -> None:
    assert decode_uuid(str(UUID(int=UUID(encode_uuid(device_id)).int ^ 1 << bit))) is None


def test_other_peoples_uuids_are_none_of_ours() -> None:
    drawn = random.Random(7)
    assert not [one for _ in range(1000) if (one := decode_uuid(str(UUID(int=drawn.getrandbits(128), version=4)))) is not None]
    for text in (
        "",
        "x",
        encode_uuid(DeviceId(5)).upper(),
        encode_uuid(DeviceId(5)).replace("-", ""),
        f"{{{encode_uuid(DeviceId(5))}}}",
    ):
        assert decode_uuid(text) is None
        assert not is_uuid(text)


def device(*identifiers: Identifier) -> Any:
    return cast(Any, SimpleNamespace(id=DeviceId(5), identifiers=identifiers))


def test_a_device_keeps_the_uuid_that_it_brought() -> None:
    brought = Identifier(kind=IdentifierKind.EXTERNAL, value=BROUGHT)
    assert device_name(device(Identifier(kind=IdentifierKind.EXTERNAL, value="pump-7"), brought)) == BROUGHT
    assert device_name(device(Identifier(kind=IdentifierKind.EXTERNAL, value="pump-7"))) == encode_uuid(DeviceId(5))
    assert device_name(device(Identifier(kind=IdentifierKind.SERIAL, value=BROUGHT))) == encode_uuid(DeviceId(5))


@given(st.tuples(st.integers(0, 2**31), st.integers(0, 2**60)), st.tuples(st.integers(0, 2**31), st.integers(0, 2**60)))
def test_the_later_message_has_the_greater_name(one: tuple[int, int], other: tuple[int, int]) -> None:
    names = [message_name(second * 1_000_000, seq) for second, seq in sorted((one, other))]
    assert names == sorted(names)
    assert (names[0] == names[1]) == (one == other)
