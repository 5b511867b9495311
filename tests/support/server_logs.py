"""What servers wrote to their logs while a test ran: a test that fails shows it, as the file may be gone when someone looks."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

MAX_SHOWN = 20_000
"""How many characters of a log are shown, from its end."""


class Logging(Protocol):
    """A server, as far as it matters here."""

    @property
    def log_path(self) -> Path:
        """Where it writes its log."""

    def runs(self) -> bool:
        """Whether it has not ended."""


_servers: dict[Path, Logging] = {}
"""The servers of this process by their logs. One that is started again goes on in the same one."""
_before: dict[Path, int] = {}
"""How many bytes each log had when the test began."""


def follow(server: Logging) -> None:
    """Show the log of a server from here on, if a test fails."""
    _servers[server.log_path] = server


def begin() -> None:
    """A test begins. What the servers wrote until now is not its own, and those that have ended write nothing more."""
    for path in [path for path, server in _servers.items() if not server.runs()]:
        del _servers[path]
    _before.clear()
    _before.update({path: path.stat().st_size for path in _servers if path.exists()})


def written() -> list[tuple[str, str]]:
    """What each server has written since the test began, under a title."""
    found = []
    for path in _servers:
        if path.exists():
            with path.open("rb") as log:
                log.seek(_before.get(path, 0))
                text = log.read().decode(errors="replace")[-MAX_SHOWN:]
            if text:
                found.append((f"log of the server at {path}", text))
    return found
