"""Tasks that run next to a server that the command line started. They cannot stop the server: a failure is logged."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import structlog

from penstock.bootstrap import Server

_log = structlog.get_logger()
Companion = Callable[[Server, str], asyncio.Task[None]]
"""Starts a task next to a server that listens at an address."""


def hint_companion(data_dir: Path) -> Companion:
    """Print how to start if there is no organisation."""
    return lambda server, address: watched("hint", _hint(server, data_dir))


def watched(name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task whose failure is logged."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_ended)
    return task


def announce(text: str) -> None:
    """Print a text for the user who started the server."""
    print(text, flush=True)


def program() -> str:
    """This program as it was called, to be pasted: `.venv/bin/penstock` is rarely on the PATH."""
    return quoted(Path(sys.argv[0])) if Path(sys.argv[0]).name == "penstock" else "penstock"


def quoted(path: Path) -> str:
    """A path, quoted for a command line."""
    return shlex.quote(str(path))


async def _hint(server: Server, data_dir: Path) -> None:
    if not await server.tenancy.list_organizations():
        command = f"{program()} bootstrap --data-dir {quoted(data_dir)} --org NAME --email EMAIL"
        announce(f"No organisation exists yet; create one: {command}")


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("task_failed", task=task.get_name(), exc_info=error)
