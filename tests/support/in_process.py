"""A whole server in this process, for tests whose subject is no socket.

It runs in a thread with an event loop of its own, workers and all. Clients call the application directly (see `exchange.py`),
which costs a fraction of what a call over a socket does. It listens behind the front door as well: whatever is about the
front door, or needs a WebSocket, finds it at `base_url`. It listens for gRPC as soon as a test asks for the port.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import random
import secrets
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
import structlog

from penstock.adapters.frontdoor.server import listen, serve, url_of
from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import Control, Server, open_server
from penstock.bootstrap.grpc import listening_for_grpc
from penstock.bootstrap.server import SWITCH_INTERVAL_S
from penstock.kit.clock import Clock
from penstock.settings import FILE_NAME, load_settings
from tests.support.exchange import InProcessClient
from tests.support.server import Org, clean_environment, org_of, shared_tls

T = TypeVar("T")
QUICK = {"PENSTOCK_LOG_DANGEROUS_DURABILITY": "relaxed", "PENSTOCK_ALARMS_INTERVAL_S": "0.5"}
"""No test of this server cuts the power, so nothing has to wait for the disk, or a minute until meters are evaluated."""


class InProcessServer:
    """A server in a thread of this process; it begins on entering and ends on leaving."""

    def __init__(self, data_dir: Path, environment: Mapping[str, str] | None = None, clock: Clock | None = None) -> None:
        self.data_dir = data_dir
        self._clock = clock
        self.base_url = ""
        self.orgs: dict[str, Org] = {}
        self.bugs: list[str] = []
        file = data_dir / FILE_NAME
        variables = clean_environment(QUICK | dict(environment or {}))
        self._settings = load_settings(file=file if file.exists() else None, environment=variables)
        self._ready = threading.Event()
        self._grpc = contextlib.AsyncExitStack()
        self._grpc_port = 0
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="in-process-server")
        self._failure: BaseException | None = None

    def __enter__(self) -> InProcessServer:
        self._switch_interval_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL_S)  # as a server of its own process does
        # Hypothesis watches the generator that all modules share, and takes it amiss if it moves while an example is drawn: the
        # server, which lives on beside other tests, gets the jitter of its pauses from another one.
        self._random, random.random = random.random, random.Random().random
        self.thread.start()
        assert self._ready.wait(60)
        if self._failure:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._serving.cancel)
        self.thread.join()
        random.random = self._random
        sys.setswitchinterval(self._switch_interval_s)

    def client(self, org: Org | None = None, **options: Any) -> InProcessClient:
        """A client that calls the application without a socket, with an organisation's key if one is given."""
        headers = org.headers() if org else {}
        options = {"verify": shared_tls(), "base_url": self.base_url, "headers": headers, **options}
        return InProcessClient(self._server.app, self._loop, **options)

    def socket_client(self, org: Org | None = None, **options: Any) -> httpx.Client:
        """A client that comes through the front door."""
        headers = org.headers() if org else {}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=30, **{"verify": shared_tls(), **options})

    def grpc_port(self) -> int:
        """The port on which it listens for gRPC, from the first call on."""
        if not self._grpc_port:
            self._grpc_port = self.call(self._listen_for_grpc)
        return self._grpc_port

    async def _listen_for_grpc(self, server: Server) -> int:
        config = msgspec.structs.replace(self._settings.grpc, listen=True, port=0)
        listening, _ = await self._grpc.enter_async_context(listening_for_grpc(server.calls_of_grpc, config, None))
        assert listening is not None
        return listening.port

    def run(self, work: Callable[[Control], Awaitable[T]]) -> T:
        """What some work on the control database brings, done in the server itself."""
        return self.call(lambda server: work(_control(server)))

    def call(self, work: Callable[[Server], Awaitable[T]]) -> T:
        """What some work on the server's parts brings, done on its event loop."""

        async def inside() -> T:
            return await work(self._server)

        return asyncio.run_coroutine_threadsafe(inside(), self._loop).result(60)

    def store_notes(self) -> None:
        """Store at once what is otherwise stored a moment later: which devices were seen, and what was wrong with messages."""

        async def step(server: Server) -> None:
            for name in ("seen", "device_faults"):
                await server.workers.supervisor.workers[name].__self__.step()  # type: ignore[attr-defined]  # a bound method
            async with server.database.system():
                pass  # after what a worker was just writing

        self.call(step)

    def rss_bytes(self) -> int:
        """The memory that this process, in which the tests are too, cannot give back."""
        gc.collect()
        ctypes.CDLL("libc.so.6").malloc_trim(0)  # what was freed and is only kept for later does not count
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def new_org(self, name: str = "") -> Org:
        """An organisation that no test has seen, of this name or of one that nobody has."""
        wanted = name or secrets.token_hex(6)
        made = self.call(lambda server: server.tenancy.bootstrap(wanted, f"{wanted.lower()}@example.org"))
        self.orgs[wanted] = org_of(made, self.data_dir, self.run)
        return self.orgs[wanted]

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda _, context: self.bugs.append(f"{context}"))
        try:
            async with open_server(DataDir(self.data_dir), self._settings, self._clock) as server:
                self._server = server
                with _bugs_noted(self.bugs):
                    async with self._grpc:
                        await self._serve()
        except BaseException as failure:
            self._failure = failure
            raise
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        sockets = listen("127.0.0.1", 0)
        self.base_url = url_of(sockets[0])
        self._serving = asyncio.ensure_future(
            serve(
                self._server.app,  # type: ignore[arg-type]
                config=self._settings.http,
                on_ready=lambda _: self._ready.set(),
                on_stopping=self._server.hub.stop,
                shutdown_grace_s=1,
                sockets=sockets,
            )
        )
        await asyncio.wait([self._serving])


@contextmanager
def in_process_server(
    data_dir: Path,
    *,
    orgs: tuple[str, ...] = ("Acme",),
    environment: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> Iterator[InProcessServer]:
    """A server in this process with organisations, ended at the end. It must not have met a bug."""
    with InProcessServer(data_dir, environment, clock) as server:
        for name in orgs:
            server.new_org(name)
        yield server
    assert server.bugs == [], server.bugs


def _control(server: Server) -> Control:
    return Control(
        database=server.database,
        tenancy=server.tenancy,
        keys=server.keys,
        people=server.people,
        subscriptions=server.subscriptions,
    )


@contextmanager
def _bugs_noted(bugs: list[str]) -> Iterator[None]:
    """Note what the log calls an error: a request, a worker or a call that failed for no reason that the caller was told.

    Lesser lines are dropped. They would be printed, and pytest would keep every one of them. What is logged in another thread is
    not this server's: other tests run their own parts beside it.
    """
    own = threading.current_thread()

    def note(_: object, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if threading.current_thread() is not own:
            return event
        if level not in ("error", "critical", "exception"):
            raise structlog.DropEvent
        bugs.append(f"{event.get('event')}: {event}"[:2000])
        return event

    before = structlog.get_config()
    structlog.configure(processors=[note, *before["processors"]])
    try:
        yield
    finally:
        structlog.configure(**before)
