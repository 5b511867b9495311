"""Names to addresses, in threads of its own: a name server that does not answer holds up nobody else's files and names."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

THREADS = 32


class Resolver(Protocol):
    """Finds the addresses of a host."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """Its addresses, the preferred first.

        Raises:
            OSError: there are none, or the name server does not answer.
        """


class SystemResolver:
    """Asks the system, as every program does."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "resolver")

    async def resolve(self, host: str, port: int) -> list[str]:
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port)
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    def close(self) -> None:
        """Let the threads go; one that waits for a name server ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    return [
        (int(family), int(kind), proto, name, tuple(address))
        for family, kind, proto, name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
