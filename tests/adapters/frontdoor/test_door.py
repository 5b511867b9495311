"""The counting alone, without sockets."""

from __future__ import annotations

import pytest

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.door import Door, address_group


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_what_counts_as_one_client(address: str, group: str) -> None:
    assert address_group(address) == group


def test_addresses_do_not_weigh_on_one_another() -> None:
    door = Door(FrontDoorConfig(max_idle_per_address=2))
    slots = [door.admit("192.0.2.1") for _ in range(3)]
    assert [slot.refusal is None for slot in slots] == [True, True, False]
    assert door.admit("192.0.2.2").refusal is None


def test_a_slot_is_given_back_once_however_it_ends() -> None:
    door = Door(FrontDoorConfig())
    proven, unproven = door.admit("192.0.2.1"), door.admit("192.0.2.1")
    proven.prove()
    proven.prove()
    for slot in (proven, unproven, proven, unproven):
        slot.release()
    assert (door.open, door.unproven) == (0, {})


def test_a_refused_slot_gives_nothing_back() -> None:
    door = Door(FrontDoorConfig(max_connections=1))
    door.admit("192.0.2.1")
    door.admit("192.0.2.2").release()
    assert (door.open, door.unproven) == (1, {"192.0.2.1": 1})
