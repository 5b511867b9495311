"""What the figures of one run share: the durations, the files and the servers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.limits import front_door
from bench.machine import Process
from bench.server import Server, fresh_server
from bench.spy import Spy

if TYPE_CHECKING:
    from bench.stored import Stored

SEED = 20_260_502


@dataclass
class Bench:
    """One run."""

    folder: Path
    quick: bool = False
    pinned: bool = True
    spy: Spy | None = None
    stored: Stored | None = None
    """The server with the large history, once a figure has requested it."""
    batch_dir: Path | None = None
    """The data directory filled by the batch figure."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def warm_s(self) -> float:
        return 0.8 if self.quick else 2.0

    def seconds(self, full: float, quick: float) -> float:
        return quick if self.quick else full

    def new_folder(self, name: str) -> Path:
        return self.folder / f"{next(self._numbers)}-{name}"

    @contextmanager
    def server(self, name: str, *, protected: bool = True, environment: dict[str, str] | None = None) -> Iterator[Server]:
        """A server on an empty data directory."""
        folder = self.new_folder(name)
        with fresh_server(folder, pinned=self.pinned, protected=protected, environment=environment) as server:
            yield server

    @contextmanager
    def front_door(self, kind: str, size: int = 0) -> Iterator[tuple[int, Process]]:
        """A front door with a minimal application behind it: its port, and its process."""
        with front_door(kind, size, pinned=self.pinned) as (port, pid):
            yield port, Process(pid)

    def clock(self, server: Server, measure_s: float) -> Callable[[], None]:
        """The callback for the start of the measured time: it starts the server's clock, and the profiler if one is requested."""

        def begin() -> None:
            server.process.restart_clock()
            if self.spy is not None:
                self.spy.record(server.process.pid, measure_s)

        return begin
