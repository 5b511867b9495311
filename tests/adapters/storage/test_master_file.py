"""The file with the master keys: made once, added to, and never made anew while something needs the lost one."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from penstock.adapters.storage.data_dir import DataDirUnusable
from penstock.adapters.storage.key_files import KeyFileDamaged, KeyFiles
from penstock.adapters.storage.master_file import MasterFile
from penstock.core.vault.models import KeyVersion
from penstock.kit.ids import OrgId


@pytest.fixture
def file(tmp_path: Path) -> MasterFile:
    return MasterFile(tmp_path / "keys")


def test_the_first_key_is_made_once(file: MasterFile) -> None:
    assert file.read() == []
    with ThreadPoolExecutor(4) as several:
        found = set(several.map(lambda _: tuple(MasterFile(file.path.parent).read_or_create()), range(8)))
    assert len(found) == 1
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_keys_are_added_behind(file: MasterFile) -> None:
    [first] = file.read_or_create()
    before = file.version()
    assert file.add()[0] == first
    assert len(set(file.read())) == 2
    assert file.version() != before


async def test_only_keys_that_nothing_needs_are_removed(file: MasterFile) -> None:
    first, second = file.read_or_create()[0], file.add()[1]
    store = KeyFiles(file.path.parent)
    await store.add(OrgId(7), KeyVersion(1, first.hex(), b"", 0))
    assert file.keep_needed(bytes.hex, 1) == [first, second]
    await store.rewrap(OrgId(7), [KeyVersion(1, second.hex(), b"", 0)])
    assert file.keep_needed(bytes.hex, 1) == [second]
    assert file.keep_needed(bytes.hex, 0) == [second]
    await store.shred(OrgId(7), 0)
    assert file.keep_needed(bytes.hex, 0) == []
    assert not file.exists


def test_nothing_is_removed_while_a_file_cannot_be_read(file: MasterFile) -> None:
    file.read_or_create()
    file.add()
    (file.path.parent / "org_0000000000007.json").write_text("{")
    with pytest.raises(KeyFileDamaged):
        file.keep_needed(bytes.hex, 1)
    assert len(file.read()) == 2


def test_a_missing_file_is_not_replaced_while_keys_need_it(file: MasterFile) -> None:
    file.read_or_create()
    (file.path.parent / "org_0000000000007.json").write_text("{}")
    file.path.unlink()
    with pytest.raises(DataDirUnusable, match=r"keys/master.key is missing; without it, nothing in the vault can be decrypted"):
        file.read_or_create()


@pytest.mark.parametrize(
    "harm", [lambda text: text[1:], lambda text: text.upper() + "x", lambda text: "\0" + text, lambda text: "é"]
)
def test_a_damaged_file_is_refused(file: MasterFile, harm: object) -> None:
    file.read_or_create()
    file.path.write_text(harm(file.path.read_text()))  # type: ignore[operator]
    with pytest.raises(DataDirUnusable, match=r"keys/master.key is damaged; restore it from where it is kept"):
        file.read()


def test_each_flipped_digit_is_noticed(file: MasterFile) -> None:
    file.read_or_create()
    text = file.path.read_text()
    for place, digit in enumerate(text[:-1]):
        if digit != " ":
            file.path.write_text(f"{text[:place]}{'0' if digit != '0' else '1'}{text[place + 1 :]}")
            with pytest.raises(DataDirUnusable, match="is damaged"):
                file.read()
