"""W2: a server that is killed again and again while it delivers webhooks loses none and renames none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.webhook_kills import killed

pytestmark = pytest.mark.prove
KILLS = 100


def test_what_was_acknowledged_is_delivered_under_one_id(tmp_path: Path) -> None:
    told = killed(tmp_path, KILLS)
    print(f"{KILLS} kills, {len(told.acknowledged)} acknowledged, {len(told.lost)} lost, {len(told.renamed)} renamed")  # noqa: T201
    assert told.lost == set()
    assert told.renamed == {}
