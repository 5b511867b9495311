"""Visitors can sign up only where the settings allow it."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.settings import load_settings


@pytest.mark.parametrize("enabled", [True, False])
async def test_the_endpoint_exists_only_if_it_is_on(tmp_path: Path, enabled: bool) -> None:
    settings = load_settings(environment={"PENSTOCK_SIGNUP_ENABLED": str(enabled).lower()})
    async with open_server(DataDir(tmp_path / "data"), settings, run_workers=False) as server:
        paths = {bound.operation.path for bound in server.operations}
    assert ("/api/v2/signup" in paths) is enabled
