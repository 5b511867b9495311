"""Ids and lists inside requests."""

from __future__ import annotations

import pytest

from penstock.api.shared.decoding import body_id, path_id, split_list
from penstock.api.shared.not_found import MAX_SHOWN
from penstock.core.devices.errors import DeviceNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, ProjectId, encode

DEVICE = encode(Prefix.DEVICE, DeviceId(7))


@pytest.mark.parametrize("wrong", ["", "7", DEVICE[:-1], DEVICE + "0", encode(Prefix.PROJECT, ProjectId(7))])
def test_an_id_that_is_none_is_not_found_in_a_path_and_refused_in_a_body(wrong: str) -> None:
    with pytest.raises(DeviceNotFound, match=f"device {wrong} was not found"):
        path_id(Prefix.DEVICE, wrong)
    with pytest.raises(InvalidInput, match=f"; {wrong} is not one") as refused:
        body_id(Prefix.DEVICE, wrong, "device_id")
    assert [(one.field, one.code) for one in refused.value.errors] == [("device_id", "id")]


def test_of_a_long_text_the_start_is_shown() -> None:
    with pytest.raises(DeviceNotFound) as refused:
        path_id(Prefix.DEVICE, "x" * 10_000)
    assert refused.value.detail == f"device {'x' * MAX_SHOWN} was not found"


def test_an_id_comes_back() -> None:
    assert path_id(Prefix.DEVICE, DEVICE) == body_id(Prefix.DEVICE, DEVICE, "device_id") == 7


def test_lists() -> None:
    assert split_list(None, "keys", 3) == split_list("", "keys", 3) == ()
    assert split_list(" a, b ,a", "keys", 3) == ("a", "b")
    for wrong in ("a,", ",", "a,,b", " ", "a,b,c,d"):
        with pytest.raises(InvalidInput) as refused:
            split_list(wrong, "keys", 3)
        assert refused.value.errors[0].field == "keys"
