"""Two organisations over a real database; and a directory that a server has filled, as the tests of the commands have it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.conftest import archive, data_dir, filled
from tests.support.shelf import Shelf, open_shelf

__all__ = ["archive", "data_dir", "filled"]


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with open_shelf(tmp_path) as opened:
        yield opened
