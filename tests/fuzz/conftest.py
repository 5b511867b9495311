"""Servers that may be filled with nonsense, apart from those that other tests share, and the figures of long runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.security.calls import PROOFS
from tests.security.holding import Holding, make_holding
from tests.security.holdings.meter_alarms import make_meter_alarm
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org, RunningServer, running_server

Told = Callable[[str, Counter[int]], None]
_told = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_told] = []


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Told:
    """Takes how often a long run met which status, to be shown when all is over."""

    def take(more: str, met: Counter[int]) -> None:
        each = ", ".join(f"{status}: {count:,}" for status, count in sorted(met.items()))
        request.config.stash[_told].append(f"{request.node.name}: {met.total():,} answers ({each}); {more}")

    return take


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[_told]:
        terminalreporter.write_line(line)


class Victims:
    """Things to be maltreated, for one operation after the other.

    What is only read stays as it is. What a call removes, or proves who somebody is by, is made for that call. All other calls
    share things, which are renewed now and then, so that nonsense that was accepted does not bar the way for long.
    """

    RENEWED_AFTER = 60

    def __init__(self, client: httpx.Client, org: Org, unharmed: Holding) -> None:
        self._client = client
        self._org = org
        self._unharmed = unharmed
        self._calls = 0
        self._proving: Holding | None = None

    def of(self, operation: Operation) -> Holding:
        """Things for calls of an operation."""
        if operation.method == "GET":
            return self._unharmed
        if operation.method == "DELETE" or operation.path in PROOFS:
            return make_holding(self._client, self._org, "fuzz", operation)
        if self._calls % self.RENEWED_AFTER == 0:
            self._shared = make_holding(self._client, self._org, "fuzz")
        self._calls += 1
        return self._shared

    def lasting(self, operation: Operation) -> Holding:
        """Things for calls that are refused, and so leave them as they are. Those that prove a person share somebody, whom they
        may make ready for that."""
        if operation.path not in PROOFS:
            return self._unharmed
        self._proving = self._proving or make_holding(self._client, self._org, "proving")
        self._proving = self._proving or make_holding(self._client, self._org, "proving")  # with all that any proof names
        return self._proving


@pytest.fixture(scope="session")
def fuzzed_in_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    """A server in this process with one organisation. It must meet no bug."""
    with in_process_server(tmp_path_factory.mktemp("fuzzed") / "data", orgs=("Fuzz",)) as server:
        yield server


@pytest.fixture(scope="session")
def fuzzed_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server process with one organisation, for what is about sockets, or what a call costs. Its log must tell of no bug.

    It has evaluated a meter: the library of arrays, which is loaded then, takes as much memory as a call may.
    """
    with running_server(tmp_path_factory.mktemp("fuzzed") / "data", orgs=("Fuzz",)) as server:
        with server.client(server.orgs["Fuzz"]) as client:

            def call(method: str, path: str, body: Any = None) -> Any:
                return client.request(method, path, json=body).raise_for_status().json()

            make_meter_alarm(call, call("POST", "/api/v2/devices", {"name": "Meter"})["device"]["id"], "warm-1")
        yield server
        assert bugs(server.log()) == []


@pytest.fixture(scope="module")
def fuzzed(fuzzed_in_process: InProcessServer) -> InProcessServer | RunningServer:
    """The server that a file's tests are about; some files take the other one."""
    return fuzzed_in_process


@pytest.fixture(scope="module")
def fuzz_org(fuzzed: InProcessServer | RunningServer) -> Org:
    """An organisation that no other file has filled with nonsense."""
    return fuzzed.new_org() if isinstance(fuzzed, InProcessServer) else fuzzed.orgs["Fuzz"]


@pytest.fixture(scope="module")
def client(fuzzed: InProcessServer | RunningServer) -> Iterator[httpx.Client]:
    """A client that carries no credential."""
    with fuzzed.client() as client:
        yield client


@pytest.fixture(scope="module")
def unharmed(client: httpx.Client, fuzz_org: Org) -> Holding:
    """Things that no test changes."""
    return make_holding(client, fuzz_org, "unharmed")


@pytest.fixture(scope="module")
def victims(client: httpx.Client, fuzz_org: Org, unharmed: Holding) -> Victims:
    return Victims(client, fuzz_org, unharmed)


BUGS = ("request_failed", "ingest_failed", "worker_failed", "Traceback", "Exception in ASGI", "Exception in callback")


def bugs(log: str) -> list[str]:
    """The lines of a server's log that tell of a bug."""
    return [line[:2000] for line in log.splitlines() if any(word in line for word in BUGS)]
