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
    return lambda server, address: watched("hint", _hint(server, address, data_dir))


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


def reachable(address: str) -> str:
    """The address at which a browser on this machine finds a server that listens on all of the machine's addresses."""
    return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def link(address: str, page: str, token: str) -> str:
    """A link to a page of the console. The token is in the fragment, which browsers do not send."""
    return f"{reachable(address)}/console/{page}#token={token}"


async def _hint(server: Server, address: str, data_dir: Path) -> None:
    token = await server.parts.setup.issue()
    if token is None:
        return
    command = f"{program()} bootstrap --data-dir {quoted(data_dir)} --org NAME --email EMAIL"
    if server.has_console:
        announce(
            "No organisation exists yet. Create one in a browser; the link works once, until the server is stopped:\n\n"
            f"  {link(address, 'setup', token)}\n\nor on the command line: {command}"
        )
    else:
        announce(f"No organisation exists yet; create one: {command}")


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("task_failed", task=task.get_name(), exc_info=error)
