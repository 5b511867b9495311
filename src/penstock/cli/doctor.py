"""`penstock doctor`: check that the data directory is intact and that a server can run here."""

from __future__ import annotations

from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from penstock.cli.checks import examine
from penstock.cli.options import ConfigOption, DataDirOption, console
from penstock.core.system.models import Check, Status

COLOURS = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red"}


class Report(msgspec.Struct, frozen=True):
    """The output of `--json`: the worst status, and all checks."""

    status: Status
    checks: list[Check]


def doctor(
    *,
    data_dir: DataDirOption,
    json: Annotated[bool, Parameter(help="Print one JSON object.", negative="", show_default=False)] = False,
    config: ConfigOption = None,
) -> None:
    """Check the machine, the data directory and its files, the settings and the port. Can be run while the server runs.

    Reads every database completely, which can take long on a slow disk. Exits with 1 if a check fails.
    """
    # Progress goes to standard error, so that the output of --json stays one object.
    watched = Console(stderr=True)
    with watched.status("Checking"):
        checks = list(examine(data_dir, config))
    found = {check.status for check in checks}
    worst = next((status for status in (Status.FAIL, Status.WARN) if status in found), Status.OK)
    if json:
        print(msgspec.json.encode(Report(worst, checks)).decode())
    else:
        table = Table("check", "", "result")
        for check in checks:
            table.add_row(Text(check.name), Text(check.status, COLOURS[check.status]), Text(check.detail))
        console().print(table)
    if worst is Status.FAIL:
        raise SystemExit(1)
