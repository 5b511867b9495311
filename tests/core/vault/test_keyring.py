"""Boxes and the keyring: what is changed or belongs elsewhere does not open, and keys are made, rotated and destroyed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import structlog.testing

from penstock.adapters.secrets.aes_gcm import AesGcm
from penstock.adapters.secrets.local_master import LocalMaster
from penstock.adapters.storage.key_files import KeyFiles, file_of
from penstock.core.vault.errors import KeysMissing, MasterKeyUnreachable, MasterKeyWrong, SecretDamaged, SecretShredded
from penstock.core.vault.keyring import CACHED_S, Keyring, wiped
from penstock.core.vault.models import Sealed, WrappedKey
from penstock.kit.clock import DAY_US, SystemClock
from penstock.kit.ids import OrgId

ACME, OTHER = OrgId(7), OrgId(8)
MASTER = bytes(range(32))
SEED = b"GEZDGNBVGY3TQOJQ"


class Later(SystemClock):
    """A clock that a test puts forward, and one that is set back."""

    ahead_s, ahead_us = 0.0, 0

    def now_us(self) -> int:
        return super().now_us() + self.ahead_us

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


class CountingMaster(LocalMaster):
    """Counts how often it unwraps."""

    unwrapped = 0

    async def unwrap(self, wrapped: bytes, master: str, bond: str) -> bytearray:
        self.unwrapped += 1
        return await super().unwrap(wrapped, master, bond)


def keyring(folder: Path, master: LocalMaster | None = None, clock: SystemClock | None = None, used: int = 0) -> Keyring:
    async def newest_used(org_id: OrgId) -> int:
        return used

    return Keyring(
        store=KeyFiles(folder / "keys"),
        master=master or LocalMaster([MASTER]),
        ciphers=AesGcm(),
        clock=clock or SystemClock(),
        newest_used=newest_used,
    )


async def test_every_flipped_byte_is_refused(tmp_path: Path) -> None:
    box = await keyring(tmp_path).box(ACME)
    for number in range(4):
        sealed = box.seal(SEED, f"secret {number}")
        assert box.open(sealed, f"secret {number}") == SEED
        for part in ("data_key", "content"):
            whole: bytes = getattr(sealed, part)
            for place in range(len(whole)):
                changed = whole[:place] + bytes([whole[place] ^ 0x80]) + whole[place + 1 :]
                parts = {"data_key": sealed.data_key, "content": sealed.content} | {part: changed}
                with pytest.raises(SecretDamaged) as caught:
                    box.open(Sealed(sealed.key_version, **parts), f"secret {number}")
                assert SEED.decode() not in str(caught.value)


async def test_values_swapped_between_secrets_versions_and_organisations_are_refused(tmp_path: Path) -> None:
    ring = keyring(tmp_path)
    own, other = await ring.box(ACME), await ring.box(OTHER)
    bonds = ["secret 1 version 1", "secret 1 version 2", "secret 2 version 1"]
    sealed = [(box, bond, box.seal(SEED, bond)) for box in (own, other) for bond in bonds]
    for box, bond, _ in sealed:
        for its_box, its_bond, value in sealed:
            if (box, bond) == (its_box, its_bond):
                assert box.open(value, bond) == SEED
            else:
                with pytest.raises(SecretDamaged):
                    box.open(value, bond)
                with pytest.raises(SecretDamaged):
                    box.rewrapped(value.key_version, value.data_key, bond)
    mine, theirs = sealed[0][2], sealed[1][2]
    for mixed in (Sealed(1, mine.data_key, theirs.content), Sealed(1, theirs.data_key, mine.content)):
        with pytest.raises(SecretDamaged):
            own.open(mixed, bonds[0])


async def test_a_value_names_the_version_that_wrapped_it(tmp_path: Path) -> None:
    ring = keyring(tmp_path)
    before = (await ring.box(ACME)).seal(SEED, "a")
    await ring.rotate(ACME)
    box = await ring.box(ACME)
    after = box.seal(SEED, "a")
    assert (before.key_version, after.key_version) == (1, 2)
    assert box.open(before, "a") == box.open(after, "a") == SEED
    again = Sealed(2, box.rewrapped(1, before.data_key, "a"), before.content)
    assert box.open(again, "a") == SEED
    for version, value in ((2, before), (1, after)):
        with pytest.raises(SecretDamaged):
            box.open(Sealed(version, value.data_key, value.content), "a")
    with pytest.raises(KeysMissing, match="version 9"):
        box.open(Sealed(9, before.data_key, before.content), "a")


async def test_keys_are_unwrapped_once_a_minute(tmp_path: Path) -> None:
    clock, master = Later(), CountingMaster([MASTER])
    ring = keyring(tmp_path, master, clock)
    await ring.box(ACME)
    for _ in range(5):
        await ring.box(ACME)
    assert master.unwrapped <= 2  # the first one made the key
    before = master.unwrapped
    clock.ahead_s, clock.ahead_us = CACHED_S + 1, -DAY_US  # whatever is done to the time of day
    await ring.box(ACME)
    assert master.unwrapped == before + 1


async def test_a_key_is_wiped_after_its_minute_when_nobody_uses_it(tmp_path: Path) -> None:
    clock = Later()
    ring = keyring(tmp_path, clock=clock)
    await ring.box(ACME)  # makes it
    box = await ring.box(ACME)
    key = box._plain[1]
    ring.forget_old()
    assert await ring.box(ACME) is box
    clock.ahead_s = CACHED_S
    ring.forget_old()
    assert box.open(box.seal(SEED, "a"), "a") == SEED, "a call that has it can end"
    del box
    assert key == bytes(32)
    assert any((await ring.box(ACME))._plain[1])


async def test_what_another_process_changes_counts_at_once(tmp_path: Path) -> None:
    ring, other = keyring(tmp_path), keyring(tmp_path)
    sealed = (await ring.box(ACME)).seal(SEED, "a")
    await other.rotate(ACME)
    assert (await ring.box(ACME)).version == 2
    stale = await ring.box(ACME)
    await ring.confirm(stale)
    await other.shred(ACME)
    with pytest.raises(SecretShredded):
        (await ring.box(ACME)).open(sealed, "a")
    with pytest.raises(SecretShredded):
        await ring.confirm(stale)
    box = await ring.box(ACME)
    await ring.confirm(box)
    assert (box.version, box.shredded, box.knows(1), box.knows(9)) == (3, 2, True, False)
    assert box.open(box.seal(SEED, "a"), "a") == SEED


async def test_a_rotation_elsewhere_does_not_refuse_what_is_being_stored(tmp_path: Path) -> None:
    ring, other = keyring(tmp_path), keyring(tmp_path)
    box = await ring.box(ACME)
    await other.rotate(ACME)
    await ring.confirm(box)


async def test_a_lost_key_is_not_made_again_under_its_number(tmp_path: Path) -> None:
    sealed = (await keyring(tmp_path).box(ACME)).seal(SEED, "a")
    (tmp_path / "keys" / file_of(ACME)).unlink()
    box = await keyring(tmp_path, used=1).box(ACME, needs=1)
    assert box.version == 2
    with pytest.raises(KeysMissing, match="version 1"):
        box.open(sealed, "a")


async def test_the_check_finds_the_wrong_master_key(tmp_path: Path) -> None:
    await keyring(tmp_path).check()
    await keyring(tmp_path).box(ACME)
    await keyring(tmp_path).check()
    wrong = keyring(tmp_path, LocalMaster([bytes(32)]))
    with pytest.raises(MasterKeyWrong, match="they need local-"):
        await wrong.check()
    with pytest.raises(MasterKeyWrong):
        await wrong.box(ACME)


async def test_keys_move_to_another_master_key(tmp_path: Path) -> None:
    sealed = (await keyring(tmp_path).box(ACME)).seal(SEED, "a")
    await keyring(tmp_path).rotate(ACME)
    moving = keyring(tmp_path, LocalMaster([MASTER, bytes(32)]))
    assert [await moving.rewrap(ACME), await moving.rewrap(ACME)] == [2, 0]
    alone = keyring(tmp_path, LocalMaster([bytes(32)]))
    await alone.check()
    assert (await alone.box(ACME)).open(sealed, "a") == SEED


class ForgettingMaster(LocalMaster):
    """Another process rotates the master key and removes the old one while a new key is stored."""

    async def refresh(self) -> None:
        self._use([bytes(32)])


async def test_a_key_is_not_lost_to_a_master_key_that_is_removed_meanwhile(tmp_path: Path) -> None:
    sealed = (await keyring(tmp_path, ForgettingMaster([MASTER])).box(ACME)).seal(SEED, "a")
    assert (await keyring(tmp_path, LocalMaster([bytes(32)])).box(ACME)).open(sealed, "a") == SEED


async def test_concurrent_first_uses_share_one_key(tmp_path: Path) -> None:
    rings = [keyring(tmp_path) for _ in range(4)]
    boxes = await asyncio.gather(*(ring.box(ACME) for ring in rings for _ in range(3)))
    sealed = [box.seal(SEED, "a") for box in boxes]
    assert {bytes(box.open(value, "a")) for box in boxes for value in sealed} == {SEED}


def test_a_wiped_secret_is_gone() -> None:
    content = bytearray(SEED)
    with wiped(content) as same:
        assert same == SEED
    assert content == bytes(len(SEED))


async def test_users_do_not_learn_where_the_master_key_is(tmp_path: Path) -> None:
    class Away(LocalMaster):
        async def wrap(self, key: bytearray, bond: str) -> WrappedKey:
            raise MasterKeyUnreachable(reason="https://kms.internal:8200 answered 403")

    ring = keyring(tmp_path, Away([MASTER]))
    with structlog.testing.capture_logs() as logged:
        for use in (ring.box, ring.rotate):
            with pytest.raises(MasterKeyUnreachable, match=r"cannot be used: the server's log says why$"):
                await use(ACME)
    assert [(one["event"], "kms.internal" in one["reason"]) for one in logged] == [("vault_key_unusable", True)]
