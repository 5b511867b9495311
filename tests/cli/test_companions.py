"""Tasks beside a server: a hint where there is nothing yet, and failures that are logged and stop nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog

from penstock.cli.companions import hint_companion, watched


@pytest.mark.parametrize("organizations", [[], ["Acme"]])
async def test_the_hint_is_for_who_has_no_organisation(organizations: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    async def listed() -> list[str]:
        return organizations

    server = cast(Any, SimpleNamespace(tenancy=SimpleNamespace(list_organizations=listed)))
    await hint_companion(Path("/srv/my data"))(server, "http://127.0.0.1:1")
    told = capsys.readouterr().out
    assert bool(told) is not bool(organizations)
    assert organizations or "penstock bootstrap --data-dir '/srv/my data' --org NAME" in told


async def test_a_failure_is_logged_and_an_end_is_none() -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    async def waits() -> None:
        await asyncio.Event().wait()

    with structlog.testing.capture_logs() as logs:
        failed, cancelled = watched("hint", fails()), watched("other", waits())
        await asyncio.wait([failed])
        cancelled.cancel()
        await asyncio.wait([cancelled])
        await asyncio.sleep(0)
    assert [(line["event"], line["task"]) for line in logs] == [("task_failed", "hint")]
