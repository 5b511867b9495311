"""Signatures whose libraries are imported later sign and verify like the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from penstock.adapters.signatures import Ed25519Signatures, RsaSignatures
from penstock.adapters.signatures_on_demand import SignaturesOnDemand
from penstock.core.people.ports import Signatures


@pytest.mark.parametrize("kind", [Ed25519Signatures, RsaSignatures])
def test_one_verifies_what_the_other_signed(kind: Callable[[], Signatures]) -> None:
    later, now = SignaturesOnDemand(kind), kind()
    for signs, verifies in ((later, now), (now, later)):
        key = signs.new_key()
        token = signs.sign(b'{"a":1}', key.kid, key.private).encode()
        assert verifies.verify(token, {key.kid: key.public}.get) == b'{"a":1}'
        assert verifies.verify(token[:-8] + b"AAAAAAAA", {key.kid: key.public}.get) is None


def test_they_are_made_once_and_not_before_they_are_used() -> None:
    made: list[Signatures] = []

    def make() -> Signatures:
        made.append(Ed25519Signatures())
        return made[-1]

    later = SignaturesOnDemand(make)
    assert made == []
    later.new_key()
    later.new_key()
    assert len(made) == 1
