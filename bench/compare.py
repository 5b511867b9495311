"""The server and its limit by turns, in short rounds, so that what else the machine does falls on both alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.context import Bench
from bench.loadgen import Result, closed_loop, run
from bench.machine import Process
from bench.server import Server

FULL_LOAD = 0.85
"""Of a core: whoever is under full load and gets less shares it with somebody."""
Requests = Sequence[Iterable[bytes]]


@dataclass
class Side:
    """One of the two: what it answered, and what of a core it and the generator took meanwhile."""

    port: int
    process: Process
    requests: Requests
    result: Result = field(default_factory=Result)
    cpu_s: float = 0.0
    generator_cpu_s: float = 0.0

    @property
    def per_cpu_second(self) -> float:
        """Requests per second of processor time: the figure that neighbours on the machine hardly change."""
        return len(self.result.latencies_s) / self.cpu_s if self.cpu_s else 0.0

    def take(self, one: Result) -> None:
        self.result.add(one.checked())
        self.cpu_s += self.process.cpu() * one.seconds
        self.generator_cpu_s += one.cpu * one.seconds

    @property
    def cores(self) -> float:
        return self.cpu_s / self.result.seconds

    def text(self) -> str:
        return f"{self.cores:.0%} of a core (generator {self.generator_cpu_s / self.result.seconds:.0%})"


def by_turns(bench: Bench, server: Server, requests: Requests, limit: Side, *, limit_share: float = 0.5) -> Side:
    """Load the server and its limit in turn, which gets a share of the time; the server's side.

    A profile is taken in one round, as it must be one file.
    """
    side = Side(server.port, server.process, requests)
    rounds = 1 if bench.spy else 2 if bench.quick else 4
    measure_s = bench.seconds(9, 3.2) / rounds
    for _ in range(rounds):
        begin = bench.clock(server, measure_s)
        side.take(run(closed_loop(side.port, side.requests, bench.warm_s / 2, measure_s, begin)))
        begin = limit.process.restart_clock
        limit.take(run(closed_loop(limit.port, limit.requests, bench.warm_s * limit_share / 2, measure_s * limit_share, begin)))
    return side


def cost(side: Side, limit: Side) -> str:
    """What the two took, for the note below a figure."""
    share = side.per_cpu_second / limit.per_cpu_second
    starved = min(side.cores, limit.cores) < FULL_LOAD
    return (
        f"server {side.text()}, limit {limit.text()}; "
        f"per second of CPU {side.per_cpu_second:,.0f} of {limit.per_cpu_second:,.0f} ({share:.0%})"
        + ("; others had a part of the core: believe the share per CPU" if starved else "")
    )
