"""Fixtures of the catalogue, and the table of figures that a long run ends with."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .servers import end_what_is_left
from .site import Site, make_site

SEED = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(1 << 32))
Note = Callable[[str, object, str], None]
_figures = pytest.StashKey[list[tuple[str, str, str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_figures] = []


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A data directory with organisations and devices, and no readings."""
    return make_site(tmp_path_factory.mktemp("prove") / "data")


@pytest.fixture
def site(template: Site, tmp_path: Path) -> Iterator[Site]:
    """A copy of the template of one's own."""
    yield template.copied(tmp_path / "data")
    end_what_is_left()


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """What is random in a test. PROVE_SEED repeats a run, as far as threads and disks repeat themselves."""
    request.node.add_report_section("setup", "seed", f"PROVE_SEED={SEED}")
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Enter a figure into the table of a long run: what, how much, and what it must be."""
    rows = request.config.stash[_figures]
    return lambda what, measured, wanted: rows.append((request.node.name, what, str(measured), wanted))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash[_figures]
    if not rows or config.getoption("markexpr") != "prove":
        return
    table = [("test", "figure", "measured", "must be"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    terminalreporter.section(f"figures, PROVE_SEED={SEED}")
    for row in table:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
