"""Master keys in this process: what was wrapped before a rotation opens, and what another key wrapped does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.adapters.secrets.local_master import FileMaster, LocalMaster, name_of
from penstock.adapters.storage.master_file import MasterFile
from penstock.core.vault.errors import MasterKeyElsewhere, MasterKeyWrong

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


async def test_the_last_key_wraps_and_all_unwrap() -> None:
    before = await LocalMaster([OLD]).wrap(bytearray(b"k" * 32), "org 1")
    master = LocalMaster([OLD, NEW])
    after = await master.wrap(bytearray(b"k" * 32), "org 1")
    assert (before.master, after.master) == (name_of(OLD), name_of(NEW)) == (name_of(OLD), master.name)
    for one in (before, after):
        assert await master.unwrap(one.wrapped, one.master, "org 1") == b"k" * 32


async def test_another_key_or_bond_is_refused_by_name() -> None:
    wrapped = await LocalMaster([OLD]).wrap(bytearray(32), "org 1")
    with pytest.raises(MasterKeyWrong, match=f"they need {name_of(OLD)}, and this server has {name_of(NEW)}"):
        await LocalMaster([NEW]).unwrap(wrapped.wrapped, wrapped.master, "org 1")
    with pytest.raises(MasterKeyWrong, match="is damaged"):
        await LocalMaster([OLD]).unwrap(wrapped.wrapped, wrapped.master, "org 2")


def test_the_name_does_not_reveal_the_key() -> None:
    assert name_of(OLD) != name_of(NEW)
    assert OLD.hex()[:12] not in name_of(OLD)


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, bytes(31)]])
def test_what_is_no_key_is_refused(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        LocalMaster(keys)


async def test_keys_of_the_environment_are_rotated_by_a_person() -> None:
    with pytest.raises(MasterKeyElsewhere, match="PENSTOCK_VAULT_PREVIOUS_MASTER_KEY"):
        await LocalMaster([OLD]).rotate()
    await LocalMaster([OLD]).forget()
    with pytest.raises(MasterKeyElsewhere, match="remove PENSTOCK_VAULT_PREVIOUS_MASTER_KEY"):
        await LocalMaster([OLD, NEW]).forget()


async def test_a_key_that_another_process_adds_is_noticed(tmp_path: Path) -> None:
    server, command = FileMaster(MasterFile(tmp_path)), FileMaster(MasterFile(tmp_path))
    first = server.name
    await command.rotate()
    wrapped = await command.wrap(bytearray(b"k" * 32), "org 1")
    assert server.name == first
    assert await server.unwrap(wrapped.wrapped, wrapped.master, "org 1") == b"k" * 32
    assert (await server.wrap(bytearray(32), "org 1")).master == command.name != first


async def test_what_is_forgotten_is_gone_from_memory_and_disk(tmp_path: Path) -> None:
    master = FileMaster(MasterFile(tmp_path))
    first = master.name
    await master.rotate()
    await master.forget()
    assert not master.knows(first)
    assert master.knows(master.name)
    assert len(MasterFile(tmp_path).read()) == 1


async def test_a_former_file_goes_when_nothing_needs_it(tmp_path: Path) -> None:
    FileMaster(MasterFile(tmp_path))
    await FileMaster(MasterFile(tmp_path), former=True).forget()
    assert not MasterFile(tmp_path).exists
