"""A server that may be filled with nonsense, apart from the one that other tests share, and the figures of long runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.security.calls import PROOFS
from tests.security.holding import Holding, make_holding
from tests.support.server import Org, RunningServer, running_server

UNLIMITED = {"PENSTOCK_LIMITS_KAITO_READ_PER_MINUTE": "1000000", "PENSTOCK_LIMITS_KAITO_WRITE_PER_MINUTE": "1000000"}
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


@pytest.fixture(scope="session")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with one organisation. At its end its log must tell of no bug."""
    with running_server(tmp_path_factory.mktemp("fuzzed") / "data", orgs=("Fuzz",), environment=UNLIMITED) as server:
        yield server
        assert bugs(server.log()) == []


@pytest.fixture(scope="session")
def fuzz_org(fuzzed: RunningServer) -> Org:
    return fuzzed.orgs["Fuzz"]


@pytest.fixture(scope="session")
def client(fuzzed: RunningServer) -> Iterator[httpx.Client]:
    """A client that carries no credential."""
    with fuzzed.client() as client:
        yield client


@pytest.fixture(scope="session")
def unharmed(client: httpx.Client, fuzz_org: Org) -> Holding:
    """Things that no test changes."""
    return make_holding(client, fuzz_org, "unharmed")


@pytest.fixture
def lasting(request: pytest.FixtureRequest, unharmed: Holding) -> Holding:
    """Things for calls that are refused, and so leave them as they are. Calls that prove a person need one of their own."""
    operation = request.node.callspec.params["operation"]
    return request.getfixturevalue("holding") if operation.path in PROOFS else unharmed  # type: ignore[no-any-return]


@pytest.fixture
def holding(request: pytest.FixtureRequest, client: httpx.Client, fuzz_org: Org, unharmed: Holding) -> Holding:
    """Things to be maltreated; what is only read can be read again."""
    operation = request.node.callspec.params.get("operation") if hasattr(request.node, "callspec") else None
    return unharmed if operation is not None and operation.method == "GET" else make_holding(client, fuzz_org, "fuzz", operation)


BUGS = ("request_failed", "ingest_failed", "worker_failed", "Traceback", "Exception in ASGI", "Exception in callback")


def bugs(log: str) -> list[str]:
    """The lines of a server's log that tell of a bug."""
    return [line[:2000] for line in log.splitlines() if any(word in line for word in BUGS)]
