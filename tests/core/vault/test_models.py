"""The versions of a key, and which values are to be wrapped again."""

from __future__ import annotations

import pytest

from penstock.core.vault.models import KeyVersion, OrganizationKeys


@pytest.mark.parametrize(
    ("versions", "shredded", "current", "newest", "stale"),
    [((), 0, 0, 0, ()), ((1,), 0, 1, 1, ()), ((1, 2, 3), 0, 3, 3, (1, 2)), ((), 4, 0, 4, ()), ((5, 6), 4, 6, 6, (5,))],
)
def test_versions(versions: tuple[int, ...], shredded: int, current: int, newest: int, stale: tuple[int, ...]) -> None:
    keys = OrganizationKeys(tuple(KeyVersion(one, "m", b"", 0) for one in versions), shredded)
    assert (keys.current, keys.newest) == (current, newest)
    assert tuple(one for one in range(9) if keys.is_stale(one)) == stale
