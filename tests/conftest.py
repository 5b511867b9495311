"""Fixtures that all tests share. The real server runs once per session; tests keep apart by making their own devices."""

from __future__ import annotations

import gc
import zlib
from collections.abc import Generator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from tests.support import cases, server_logs
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.quick_certificates import make_certificates_quick
from tests.support.quick_databases import make_new_databases_quick
from tests.support.quick_passwords import make_passwords_quick
from tests.support.quick_statements import make_statements_quick
from tests.support.server import Org, RunningServer, running_server

# One or two busy cores make single examples slow now and then; that is no finding.
settings.register_profile("penstock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("penstock")

BUSY = ("tests/security/", "tests/fuzz/")
"""Folders whose files keep a core busy for minutes; most others mostly wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in an order that keeps every core busy to the end: what waits runs beside what works.

    The order is drawn from the files' names: the same on every machine, and no file relies on the one before it.
    """

    def place(item: pytest.Item) -> float:
        file = item.nodeid.split("::")[0]
        drawn = zlib.crc32(file.encode()) / 2**32
        return drawn / 2 if file.startswith(BUSY) else drawn

    items.sort(key=place)


TOGETHER = ("tests/house/",)
"""Folders whose files share in one process what they read: the syntax trees of the whole repository."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


class ByFile(LoadFileScheduling):
    """A file stays in one process, and so do all files of some folders."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--case", default="", help="of tests over many cases, run those whose name holds this text")


def pytest_configure(config: pytest.Config) -> None:
    cases.wanted = config.getoption("--case")
    make_passwords_quick()
    make_new_databases_quick()
    make_certificates_quick()
    make_statements_quick()


CASES = "cases found"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with each report how many cases `--case` has found: the process that ends the run is not the one that looked.

    Of a test that failed, also what the servers wrote to their logs meanwhile.
    """
    report = yield
    report.user_properties.append((CASES, cases.found))
    if report.failed:
        report.sections += server_logs.written()
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    server_logs.begin()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    cases.found = max([cases.found, *(int(str(value)) for name, value in report.user_properties if name == CASES)])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that looked at nothing, because the text of `--case` is in no name, must not look like a good one."""
    if cases.wanted and not cases.found and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if cases.wanted and not cases.found:
        terminalreporter.write_line(f"no case is called {cases.wanted!r}", red=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no collection of garbage look at the thousands of tests and modules again and again: they stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    """A whole server in this process with the organisations Acme and Other: for tests whose subject is no socket."""
    folder = tmp_path_factory.mktemp("in-process") / "data"
    with in_process_server(folder, orgs=("Acme", "Other")) as running:
        yield running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One real server with the organisations Acme and Other."""
    with running_server(tmp_path_factory.mktemp("server") / "data", orgs=("Acme", "Other")) as running:
        yield running


@pytest.fixture(scope="session")
def acme(server: RunningServer) -> Org:
    return server.orgs["Acme"]


@pytest.fixture(scope="session")
def other(server: RunningServer) -> Org:
    return server.orgs["Other"]


@pytest.fixture
def api(server: RunningServer, acme: Org) -> Iterator[httpx.Client]:
    """A client with Acme's all-scopes key."""
    with server.client(acme) as client:
        yield client


@pytest.fixture
def other_api(server: RunningServer, other: Org) -> Iterator[httpx.Client]:
    """A client with Other's all-scopes key."""
    with server.client(other) as client:
        yield client
