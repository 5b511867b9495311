"""Keys in memory: where they may be used from, what is looked up only once, and what a change makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.bootstrap.dialects import KEY_STYLES
from penstock.core.people.models import Role
from penstock.core.tenancy import authentication
from penstock.core.tenancy.authentication import KeyAuthenticator, Known
from penstock.core.tenancy.errors import AddressNotAllowed, CredentialInvalid, KeyNotActive
from penstock.core.tenancy.models import ApiKey, SingleUse
from penstock.kit.ids import KeyId, UserId
from penstock.kit.secret import Pepper, new_credential
from tests.adapters.storage.sqlite.test_tenancy import key
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

PEPPER = Pepper(b"p" * 32)
HERE = "192.0.2.7"
ROLES = {"member": frozenset({"devices:read"})}


async def made(shelf: Shelf, number: int = 5, **about: Any) -> bytes:
    """A key of Acme; its value."""
    value = new_credential("psk_").encode()
    one = key(shelf, number, **{"cidrs": ()} | about)
    async with shelf.own() as tx:
        await tx.keys.create(one, PEPPER.digest(value))
        await tx.keys.update(one)
    return value


def authenticator(shelf: Shelf, clock: HeldClock | None = None) -> KeyAuthenticator:
    return KeyAuthenticator(
        database=shelf.database, pepper=PEPPER, clock=clock or HeldClock(), styles=KEY_STYLES, role_scopes=ROLES
    )


async def changed(shelf: Shelf, **about: Any) -> None:
    async with shelf.own() as tx:
        await tx.keys.update(key(shelf, 5, **{"cidrs": ()} | about))


@pytest.mark.parametrize(
    ("cidrs", "address", "allowed"),
    [
        ((), "anything", True),
        (("192.0.2.0/24",), "192.0.2.255", True),
        (("192.0.2.0/24",), "192.0.3.0", False),
        (("192.0.2.0/24",), "::ffff:192.0.2.7", True),
        (("2001:db8::/32",), "2001:db8:ffff::1", True),
        (("2001:db8::/32",), "192.0.2.7", False),
        (("0.0.0.0/0",), "2001:db8::1", False),
        (("0.0.0.0/0",), "no address", False),
        (("10.0.0.0/8", "192.0.2.7/32"), "192.0.2.7", True),
    ],
)
def test_networks(cidrs: tuple[str, ...], address: str, allowed: bool) -> None:
    known = Known(ApiKey(**FIELDS, cidrs=cidrs), {})
    assert [known.allows(address) for _ in range(2)] == [allowed] * 2


FIELDS: dict[str, Any] = {"id": 5, "org_id": 1, "name": "", "prefix": "", "scopes": frozenset(), "created_us": 1}


def test_memory_of_addresses_is_bounded() -> None:
    known = Known(ApiKey(**FIELDS, cidrs=("10.0.0.0/8",)), {})
    for number in range(3 * authentication.MAX_ADDRESSES):
        assert known.allows(f"10.0.{number}.1")
    assert len(known._addresses) <= authentication.MAX_ADDRESSES


async def test_a_key_is_known_after_its_first_call_and_noted_as_used(shelf: Shelf) -> None:
    clock = HeldClock()
    keys, value = authenticator(shelf, clock), await made(shelf)
    assert keys.known(value, HERE) is None
    actor = await keys.authenticate(value, HERE)
    assert (actor.org_id, actor.id, actor.scopes) == (shelf.acme, 5, {"devices:read", "telemetry:read"})
    assert keys.known(value, HERE) == actor
    assert keys.used == {KeyId(5): (shelf.acme, clock.us, HERE)}


async def test_what_is_remembered_is_dropped_when_it_is_told(shelf: Shelf) -> None:
    keys, value = authenticator(shelf), await made(shelf)
    await keys.authenticate(value, HERE)
    await changed(shelf, revoked_us=1)
    assert await keys.authenticate(value, HERE), "nobody told"
    keys.drop(KeyId(5))
    with pytest.raises(KeyNotActive):
        await keys.authenticate(value, HERE)
    await changed(shelf, revoked_us=None)
    keys.clear()
    assert await keys.authenticate(value, HERE)


async def test_an_unknown_key_is_remembered_until_others_changed_something(shelf: Shelf) -> None:
    keys, value = authenticator(shelf), new_credential("psk_").encode()
    for _ in range(2):
        with pytest.raises(CredentialInvalid):
            await keys.authenticate(value, HERE)
    one = key(shelf, 5, cidrs=())
    async with shelf.own() as tx:
        await tx.keys.create(one, PEPPER.digest(value))
    with pytest.raises(CredentialInvalid):
        await keys.authenticate(value, HERE)
    keys.clear()
    assert await keys.authenticate(value, HERE)
    with pytest.raises(CredentialInvalid):
        await keys.authenticate(value[:-1], HERE)


async def test_it_ends_in_memory_too(shelf: Shelf) -> None:
    clock = HeldClock()
    keys, value = authenticator(shelf, clock), await made(shelf, expires_us=clock.us + 1)
    await keys.authenticate(value, HERE)
    clock.us += 1
    with pytest.raises(KeyNotActive):
        keys.known(value, HERE)
    with pytest.raises(KeyNotActive):
        await keys.authenticate(value, HERE)


@pytest.mark.parametrize(("kind", "again"), [(SingleUse.SPEND, KeyNotActive), (SingleUse.BIND, None)])
async def test_a_single_use_is_decided_by_the_store(kind: SingleUse, again: type[Exception] | None, shelf: Shelf) -> None:
    keys, value = authenticator(shelf), await made(shelf, single_use=kind, cidrs=("192.0.2.0/24",))
    with pytest.raises(AddressNotAllowed):
        await keys.authenticate(value, "198.51.100.1")
    first, second = [await keys.authenticate(value, HERE) for _ in range(2)]
    assert first.is_first_use, "to be authenticated uses nothing up"
    assert second.is_first_use
    assert not (await keys.use(first, HERE)).is_first_use
    if again is None:
        assert not (await keys.use(second, HERE)).is_first_use
        assert not (await keys.authenticate(value, HERE)).is_first_use
        with pytest.raises(AddressNotAllowed):
            await keys.use(second, "192.0.2.8")
        with pytest.raises(AddressNotAllowed):
            await keys.authenticate(value, "192.0.2.8")
    else:
        with pytest.raises(again):
            await keys.use(second, HERE)
        with pytest.raises(again):
            await keys.authenticate(value, HERE)


async def test_a_key_that_ended_between_its_checks_and_its_use_is_not_used(shelf: Shelf) -> None:
    keys, value = authenticator(shelf), await made(shelf, single_use=SingleUse.SPEND)
    actor = await keys.authenticate(value, HERE)
    await changed(shelf, single_use=SingleUse.SPEND, revoked_us=1)
    with pytest.raises(KeyNotActive):
        await keys.use(actor, HERE)
    async with shelf.own() as tx:
        stored = await tx.keys.find(KeyId(5))
    assert stored is not None
    assert stored.spent_us is None


async def test_a_key_has_the_scopes_that_its_root_has_now(shelf: Shelf) -> None:
    keys = authenticator(shelf)
    async with shelf.own() as tx:
        owner = (await tx.members.list(1, 0))[0].user_id
    value = await made(shelf, root_id=owner)
    assert (await keys.authenticate(value, HERE)).scopes == frozenset(), "these roles know no owner"
    async with shelf.own() as tx:
        await tx.members.set_role(owner, Role.MEMBER)
    assert (await keys.authenticate(value, HERE)).scopes == frozenset(), "nobody told"
    keys.drop_root(owner)
    assert (await keys.authenticate(value, HERE)).scopes == {"devices:read"}
    async with shelf.own() as tx:
        await tx.members.delete(owner)
    keys.drop_root(UserId(owner + 1))
    assert keys.known(value, HERE), "another person's change drops nothing"
    keys.drop_root(owner)
    with pytest.raises(KeyNotActive, match="suspended"):
        await keys.authenticate(value, HERE)
