"""What is told of an id that is none, by its kind."""

from __future__ import annotations

import pytest

from penstock.api.shared.not_found import MAX_SHOWN, not_found
from penstock.kit.errors import Kind
from penstock.kit.ids import KINDS, Prefix

NEVER_LOOKED_UP = {Prefix.SENSOR, Prefix.READING, Prefix.WEBHOOK_ATTEMPT}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - NEVER_LOOKED_UP))
def test_the_text_is_named(kind: str) -> None:
    (found,) = [one for one in KINDS if one == kind]
    error = not_found(found, f"{kind}_xyz")
    assert error.kind is Kind.NOT_FOUND
    assert f"{kind}_xyz" in error.detail or found is Prefix.HOOK, "of a hook nothing is told"


def test_a_long_text_is_cut() -> None:
    assert len(not_found(Prefix.DEVICE, "x" * 10_000).detail) < MAX_SHOWN + 30
