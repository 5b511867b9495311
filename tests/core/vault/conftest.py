"""A vault over a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.vaults import OpenVault, open_vault


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[OpenVault]:
    async with open_vault(tmp_path / "data") as found:
        yield found
