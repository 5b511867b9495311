"""The versions of a key."""

from __future__ import annotations

import pytest

from penstock.core.vault.models import KeyVersion, OrganizationKeys


@pytest.mark.parametrize(
    ("versions", "shredded", "current", "newest"),
    [((), 0, 0, 0), ((1,), 0, 1, 1), ((1, 2, 3), 0, 3, 3), ((), 4, 0, 4), ((5, 6), 4, 6, 6)],
)
def test_versions(versions: tuple[int, ...], shredded: int, current: int, newest: int) -> None:
    keys = OrganizationKeys(tuple(KeyVersion(one, "m", b"", 0) for one in versions), shredded)
    assert (keys.current, keys.newest) == (current, newest)
