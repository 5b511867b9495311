"""`python -m bench`: measure the figures and print one table."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.console import Console

from bench.context import Bench
from bench.figures import FIGURES
from bench.machine import LOAD_CORE, SERVER_CORE, Machine, measure_machine
from bench.spy import Spy
from bench.table import Row, failed, show

app = App(name="python -m bench", help=f"Measure Penstock next to the limits of this machine.\n\nFigures: {', '.join(FIGURES)}.")


@app.default
def bench(
    *,
    quick: Annotated[bool, Parameter(help="Short loads: rough figures in about five minutes.", negative="")] = False,
    only: Annotated[list[str] | None, Parameter(help="Only these figures.", consume_multiple=True)] = None,
    json: Annotated[Path | None, Parameter(help="Also write the figures to this file.")] = None,
    profile: Annotated[
        str | None, Parameter(help="Measure only this figure with py-spy on the server, and print where the time is spent.")
    ] = None,
    folder: Annotated[
        Path | None, Parameter(help="Folder for data directories, on the disk to be measured. Default: the system's.")
    ] = None,
    own_cores: Annotated[
        bool, Parameter(help="Give each side its own core, instead of leaving the choice to the kernel.", negative="")
    ] = False,
) -> None:
    """Measure the figures and print one table."""
    chosen = [profile] if profile else only or list(FIGURES)
    unknown = [name for name in chosen if name not in FIGURES]
    if unknown:
        raise SystemExit(f"bench: unknown figure {', '.join(unknown)}; --only must be some of {', '.join(FIGURES)}")
    console = Console(width=None if sys.stdout.isatty() else 160)
    work = Path(tempfile.mkdtemp(prefix="penstock-bench-", dir=folder))
    try:
        machine = measure_machine(work)
        pinned = _take_load_core(own_cores)
        profiles = Path(tempfile.mkdtemp(prefix="penstock-profile-")) if profile else None
        run = Bench(work, quick=quick, pinned=pinned, spy=Spy(profiles) if profiles else None)
        rows = _measure(run, chosen)
        show(rows, machine, _command(), console)
        console.print("server and load have a core each" if pinned else "server and load share the cores", highlight=False)
        if run.spy:
            console.print("\n".join(run.spy.report()), highlight=False, markup=False, soft_wrap=True)
        if json:
            json.write_bytes(msgspec.json.format(msgspec.json.encode(_document(rows, machine, quick)), indent=2))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    raise SystemExit(any(row.note.startswith("failed: ") for row in rows))


def _measure(run: Bench, chosen: list[str]) -> list[Row]:
    rows: list[Row] = []
    try:
        for name in chosen:
            begun = time.monotonic()
            print(f"measuring {name} …", end=" ", file=sys.stderr, flush=True)
            try:
                rows += FIGURES[name](run)
            except Exception as error:  # a failed figure must not prevent the others
                traceback.print_exc()
                rows.append(failed(name, error))
            print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    finally:
        if run.stored is not None:
            run.stored.server.stop()
    return rows


def _take_load_core(own_cores: bool) -> bool:
    """Move this process to the load generator's core, if each side gets its own, and allow it enough connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    if not own_cores or not {SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0):
        return False
    os.sched_setaffinity(0, {LOAD_CORE})
    return True


def _command() -> str:
    return " ".join(["python -m bench", *sys.argv[1:]])


def _document(rows: list[Row], machine: Machine, quick: bool) -> dict[str, object]:
    """Shape: {command, quick, machine: {…}, figures: [{figure, value, unit, must, limit, ratio, reached, note}]}."""
    return {
        "command": _command(),
        "quick": quick,
        "machine": machine.as_dict(),
        "figures": [row.as_dict() for row in rows],
    }


if __name__ == "__main__":
    app()
