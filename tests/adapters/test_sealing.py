"""What is sealed is opened only here, whole, and for whom it was sealed."""

from __future__ import annotations

import pytest

from penstock.adapters.sealing import NONCE_BYTES, SealedBox
from penstock.kit.secret import Pepper

BOX = SealedBox(Pepper(b"p" * 32))


def test_it_comes_back_and_never_looks_the_same() -> None:
    sealed = [BOX.seal(b"s3cret", "org:1") for _ in range(50)]
    assert {BOX.open(one, "org:1") for one in sealed} == {b"s3cret"}
    assert len({one[:NONCE_BYTES] for one in sealed}) == 50
    assert not any(b"s3cret" in one for one in sealed)
    assert BOX.open(BOX.seal(b"", ""), "") == b""


def test_every_changed_byte_and_every_cut_is_noticed() -> None:
    sealed = BOX.seal(b"s3cret", "org:1")
    for at in range(len(sealed)):
        for wrong in (sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], sealed[:at]):
            with pytest.raises(ValueError, match=r"."):
                BOX.open(wrong, "org:1")


def test_it_is_bound_to_whom_it_belongs_and_to_the_servers_secret() -> None:
    sealed = BOX.seal(b"s3cret", "org:1")
    for box, belongs_to in ((BOX, "org:2"), (BOX, ""), (SealedBox(Pepper(b"q" * 32)), "org:1")):
        with pytest.raises(ValueError, match="another owner"):
            box.open(sealed, belongs_to)
