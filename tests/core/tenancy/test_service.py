"""Organisations: what changes at the same time is all kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_control
from penstock.core.tenancy.errors import OrganizationNotFound
from penstock.settings import load_settings


async def test_a_suspension_keeps_a_plan_that_changes_meanwhile(tmp_path: Path) -> None:
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={})) as control:
        await control.tenancy.bootstrap("Acme", "acme@example.org")
        for turn in range(10):
            plan, suspended = ("free", True) if turn % 2 else ("enterprise", False)
            await asyncio.gather(
                control.tenancy.set_suspended("Acme", suspended=suspended),
                control.subscriptions.set_plan("Acme", plan),
            )
            found = await control.tenancy.get_organization("Acme")
            assert (found.plan, found.suspended_us is not None) == (plan, suspended), turn


async def test_nobody_suspends_what_is_not_there(tmp_path: Path) -> None:
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={})) as control:
        with pytest.raises(OrganizationNotFound):
            await control.tenancy.set_suspended("Acme", suspended=True)
