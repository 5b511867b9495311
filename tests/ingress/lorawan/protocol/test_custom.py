"""Custom JSON: everything is a value but the names and the time, and a wrong time is told to whoever wrote it."""

from __future__ import annotations

import pytest

from penstock.ingress.lorawan.protocol.custom import read
from penstock.kit.errors import InvalidInput
from tests.support.days import NOON_US

EUI = "70b3d57ed0061f2a"


def test_what_is_no_name_is_a_value() -> None:
    found = read({"dev_eui": EUI, "timestamp": "2026-05-02T12:00:00Z", "device_name": "m-1", "t": 1.5, "time": "x"})
    assert (found.values, found.time_us, found.device_name) == ({"t": 1.5, "time": "x"}, NOON_US, "m-1")
    assert read({"dev_eui": EUI, "dedupe_key": "k"}).values is None


@pytest.mark.parametrize("odd", ["yesterday", True, {}, "", -1e30])
def test_a_wrong_time_is_refused(odd: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        read({"dev_eui": EUI, "timestamp": odd})
    assert refused.value.errors[0].field == "timestamp"


def test_no_time_is_no_mistake() -> None:
    assert read({"dev_eui": EUI, "timestamp": None}).time_us is None
