"""Keys on the wire: numbers and times, and nothing of the key itself."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.v2.vault_keys.translate import from_core_status
from penstock.core.vault.keys import KeyStatus
from penstock.core.vault.models import KeyVersion, OrganizationKeys


@pytest.mark.parametrize(("shredded", "shown"), [(0, None), (3, 3)])
def test_a_status_without_keys(shredded: int, shown: int | None) -> None:
    keys = OrganizationKeys((KeyVersion(4, "local-1", b"wrapped", 1_000_000),), shredded, 2_000_000 if shredded else None)
    found = msgspec.to_builtins(from_core_status(KeyStatus(keys=keys, stale=7, master="env")))
    assert found == {
        "current": 4,
        "versions": [{"version": 4, "created_at": "1970-01-01T00:00:01Z"}],
        "stale_values": 7,
        "shredded_up_to": shown,
        "shredded_at": "1970-01-01T00:00:02Z" if shredded else None,
        "master": "env",
    }
