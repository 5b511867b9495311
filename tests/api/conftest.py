"""The operation table of the real server, without listening."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.kit.operation import Operation
from penstock.settings import load_settings


@pytest.fixture(scope="session")
def operations(tmp_path_factory: pytest.TempPathFactory) -> list[Operation]:
    async def read(folder: Path) -> list[Operation]:
        async with open_server(DataDir(folder), load_settings(environment={}), run_workers=False) as server:
            return [bound.operation for bound in server.operations]

    return asyncio.run(read(tmp_path_factory.mktemp("operations") / "data"))
