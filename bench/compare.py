"""Measures the server and its limit alternately, in short rounds, so that other load on the machine affects both equally."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.context import Bench
from bench.loadgen import Result, closed_loop, run
from bench.machine import Process
from bench.server import Server

FULL_LOAD = 0.85
"""Share of a core. A process under full load that gets less shares its core with another process."""
Requests = Sequence[Iterable[bytes]]


@dataclass
class Side:
    """One of the two: its results, and the share of a core that it and the generator used."""

    port: int
    process: Process
    requests: Requests
    result: Result = field(default_factory=Result)
    cpu_s: float = 0.0
    generator_cpu_s: float = 0.0

    @property
    def per_cpu_second(self) -> float:
        """Requests per second of processor time. Other load on the machine hardly affects this figure."""
        return len(self.result.latencies_s) / self.cpu_s if self.cpu_s else 0.0

    def add(self, one: Result) -> None:
        self.result.add(one.checked())
        self.cpu_s += self.process.cpu() * one.seconds
        self.generator_cpu_s += one.cpu * one.seconds

    @property
    def cores(self) -> float:
        return self.cpu_s / self.result.seconds

    def text(self) -> str:
        return f"{self.cores:.0%} of a core (generator {self.generator_cpu_s / self.result.seconds:.0%})"


def by_turns(bench: Bench, server: Server, requests: Requests, limit: Side, *, limit_share: float = 0.5) -> Side:
    """Load the server and its limit alternately and return the server's side. The limit gets a share of the time.

    A profile is recorded in a single round, because it must be one file.
    """
    side = Side(server.port, server.process, requests)
    rounds = 1 if bench.spy else 2 if bench.quick else 4
    measure_s = bench.seconds(9, 3.2) / rounds
    for _ in range(rounds):
        begin = bench.clock(server, measure_s)
        side.add(run(closed_loop(side.port, side.requests, bench.warm_s / 2, measure_s, begin)))
        begin = limit.process.restart_clock
        limit.add(run(closed_loop(limit.port, limit.requests, bench.warm_s * limit_share / 2, measure_s * limit_share, begin)))
    return side


def cost(side: Side, limit: Side) -> str:
    """The processor time of both, for the note below a figure."""
    share = side.per_cpu_second / limit.per_cpu_second
    starved = min(side.cores, limit.cores) < FULL_LOAD
    return (
        f"server {side.text()}, limit {limit.text()}; "
        f"per second of CPU {side.per_cpu_second:,.0f} of {limit.per_cpu_second:,.0f} ({share:.0%})"
        + ("; other processes used the core too: rely on the share per second of CPU" if starved else "")
    )
