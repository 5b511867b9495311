"""Resolves names to addresses in separate threads, so that a slow name server delays no other work."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

THREADS = 32


class Resolver(Protocol):
    """Finds the addresses of a host."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """Return the host's addresses, the preferred one first.

        Raises:
            OSError: the host has no address, or the name server does not respond.
        """


class SystemResolver:
    """Uses the system's resolver, as other programs do."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "resolver")

    async def resolve(self, host: str, port: int) -> list[str]:
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port)
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    def close(self) -> None:
        """Release the threads; one that waits for a name server ends on its own."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    return [
        (int(family), int(kind), proto, name, tuple(address))
        for family, kind, proto, name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
