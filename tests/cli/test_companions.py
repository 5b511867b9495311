"""Tasks beside a server: a hint where there is nothing yet, and failures that are logged and stop nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog

from penstock.cli.companions import hint_companion, watched


@pytest.mark.parametrize(
    ("token", "has_console", "told"),
    [
        ("pol_x", True, ["http://127.0.0.1:1/console/setup#token=pol_x", "--data-dir '/srv/my data' --org NAME"]),
        ("pol_x", False, ["penstock bootstrap --data-dir '/srv/my data' --org NAME"]),
        (None, True, []),
    ],
)
async def test_the_hint_is_for_who_has_no_organisation(
    token: str | None, has_console: bool, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    async def issue() -> str | None:
        return token

    parts = SimpleNamespace(setup=SimpleNamespace(issue=issue))
    server = cast(Any, SimpleNamespace(parts=parts, has_console=has_console))
    await hint_companion(Path("/srv/my data"))(server, "http://0.0.0.0:1")
    printed = capsys.readouterr().out
    assert bool(printed) is bool(told)
    assert [text for text in told if text not in printed] == []
    assert ("/console/" in printed) is (bool(printed) and has_console)


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
