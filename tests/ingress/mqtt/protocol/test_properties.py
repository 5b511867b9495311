"""Variable byte integers, and how many properties one packet may bring."""

from __future__ import annotations

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol import properties as p
from penstock.ingress.mqtt.protocol.encoding import encode
from tests.ingress.mqtt.protocol.reading import refusal


def test_more_properties_or_filters_than_we_have_use_for_are_refused() -> None:
    many = {m.Property.USER_PROPERTY: [("a", "b")] * (p.MAX_PROPERTIES + 1)}
    assert refusal(encode(m.Publish("t", b"", properties=many), m.V5)) is m.Reason.QUOTA_EXCEEDED
    wanted = [m.Subscription("t")] * 65
    assert refusal(encode(m.Subscribe(1, wanted), m.V5)) is m.Reason.QUOTA_EXCEEDED
    assert refusal(encode(m.Unsubscribe(1, ["t"] * 65), m.V5)) is m.Reason.QUOTA_EXCEEDED


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "8001"),
        (16_383, "ff7f"),
        (16_384, "808001"),
        (2_097_151, "ffff7f"),
        (268_435_455, "ffffff7f"),
    ],
)
def test_variable_byte_integers_of_table_1_1(value: int, data: str) -> None:
    assert p.varint(value) == bytes.fromhex(data)
    assert p.read_varint(bytes.fromhex(data), 0, 4) == (value, len(data) // 2)
