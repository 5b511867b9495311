"""The counting alone, without sockets."""

from __future__ import annotations

import pytest

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.door import Door, address_group
from penstock.adapters.frontdoor.refusals import TOO_MANY_CONNECTIONS, TOO_MANY_FROM_ADDRESS


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


def test_a_trusted_proxy_may_hold_any_number() -> None:
    door = Door(FrontDoorConfig(max_idle_per_address=2, max_connections=9, trusted_proxies=("10.0.0.0/8", "2001:db8::/32")))
    for proxy in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7"):
        assert [door.admit(proxy).refusal for _ in range(3)] == [None] * 3
    assert door.admit("10.1.2.3").refusal is TOO_MANY_CONNECTIONS
    door = Door(FrontDoorConfig(max_idle_per_address=2, trusted_proxies=("10.0.0.0/8",)))
    assert [door.admit("11.1.2.3").refusal for _ in range(3)] == [None, None, TOO_MANY_FROM_ADDRESS]
