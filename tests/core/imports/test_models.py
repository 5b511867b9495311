"""What an import says of itself."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.imports.models import Counts, Import, ImportKind, ImportState
from penstock.kit.ids import ImportId


def made(number: int, **about: Any) -> Import:
    """A queued import of devices."""
    fields: dict[str, Any] = {
        "id": ImportId(number),
        "kind": ImportKind.DEVICES,
        "is_dry_run": False,
        "state": ImportState.QUEUED,
        "rows": 9,
        "author": "ada@example.org",
        "actor": b"{}",
        "created_us": 1,
    }
    return Import(**fields | about)


@pytest.mark.parametrize("state", ImportState)
def test_an_import_is_active_until_it_ends(state: ImportState) -> None:
    assert made(1, state=state).is_active == (state in ("queued", "running"))


def test_each_row_is_counted_once() -> None:
    counts = Counts(made=1, updated=2, unchanged=4, failed=8)
    assert counts.done == 15
    assert msgspec.structs.replace(counts, failed=0).done == 7
