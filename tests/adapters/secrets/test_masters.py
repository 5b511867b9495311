"""The place of the master key changes: the new one wraps, the former one still unwraps."""

from __future__ import annotations

import pytest

from penstock.adapters.secrets.local_master import LocalMaster
from penstock.adapters.secrets.masters import Masters
from penstock.core.vault.errors import MasterKeyWrong

OLD, NEW, STRANGE = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


async def test_each_unwraps_what_it_wrapped() -> None:
    former, current = LocalMaster([OLD]), LocalMaster([NEW])
    before = await former.wrap(bytearray(b"k" * 32), "org 1")
    masters = Masters(current, [former])
    after = await masters.wrap(bytearray(b"k" * 32), "org 1")
    assert (masters.name, after.master, masters.kind) == (current.name, current.name, "env")
    for one in (before, after):
        assert masters.knows(one.master)
        assert await masters.unwrap(one.wrapped, one.master, "org 1") == b"k" * 32
    strange = await LocalMaster([STRANGE]).wrap(bytearray(32), "org 1")
    assert not masters.knows(strange.master)
    with pytest.raises(MasterKeyWrong, match="they need"):
        await masters.unwrap(strange.wrapped, strange.master, "org 1")
