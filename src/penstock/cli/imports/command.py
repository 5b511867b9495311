"""`penstock import`: a file of readings to a server at a distance, each reading once."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from penstock.cli.client import connected
from penstock.cli.imports.csv_rows import CsvRows
from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.json_rows import JsonRows
from penstock.cli.imports.rows import Named
from penstock.cli.imports.run import Import, Rows
from penstock.cli.imports.source import Source
from penstock.cli.imports.state import Progress, State, dedupe_of, state_of
from penstock.cli.options import JsonOption
from penstock.cli.remote import ProfileOption, find_place
from penstock.cli.shown import print_json

PATIENCE_S = 300.0
PARALLEL = 4


def import_(
    file: Path,
    /,
    *,
    device: Annotated[
        str | None, Parameter(help="Device of all readings: its id, or any identifier. Default: each record names its own.")
    ] = None,
    device_column: Annotated[str | None, Parameter(help="CSV: the column of the device. Default: device_id or device.")] = None,
    time_column: Annotated[str | None, Parameter(help="CSV: the column of the event time. Default: time.")] = None,
    without_times: Annotated[bool, Parameter(help="The readings are of now, whatever the file says.", negative="")] = False,
    text: Annotated[
        list[str] | None, Parameter(help="CSV: a column of texts, also if they look like numbers. Repeatable.")
    ] = None,
    format_: Annotated[
        Literal["csv", "ndjson"] | None, Parameter("--format", help="Default: by the name of the file, or its first character.")
    ] = None,
    rejected: Annotated[
        Path | None, Parameter(help="File for rejected records, as NDJSON. Default: FILE.rejected.ndjson.", show_default=False)
    ] = None,
    parallel: Annotated[
        int,
        Parameter(
            help="Requests at the same time. With 1, readings arrive in the order of the file.", validator=Number(gte=1, lte=16)
        ),
    ] = PARALLEL,
    patience: Annotated[
        float, Parameter(help="How many seconds a server that does not answer is tried.", validator=Number(gte=0, lte=86_400))
    ] = PATIENCE_S,
    again: Annotated[bool, Parameter(help="Begin from the start, even if readings are stored twice then.", negative="")] = False,
    late: Annotated[
        bool, Parameter(help="Continue after more than a day, even if the last readings are stored twice then.", negative="")
    ] = False,
    json: JsonOption = False,
    profile: ProfileOption = None,
) -> None:
    """Send the readings of a file, CSV or NDJSON, compressed by gzip or not. The key needs the scope telemetry:write.

    A command that was interrupted continues when it is repeated, and stores nothing twice. Rejected records are written to a
    file, and the exit status is then 1.

    Parameters
    ----------
    file
        The file. CSV has a line of names first, then a reading per line: its device, its time, and a column per value.
    """
    place = find_place(profile)
    with state_of(file, place.url, place.organization, device or "") as state, Source(file, format_) as source:
        rejects = rejected or file.with_name(f"{file.name}.rejected.ndjson")
        progress = _progress(source, state, again=again, late=late)
        progress.rejected_file = str(rejects)
        named = Named(
            dedupe=progress.dedupe,
            device=device,
            timed=not without_times,
            device_column=device_column,
            time_column=time_column,
            texts=frozenset(text or ()),
        )
        rows, start = _rows(source, named)
        if not progress.done:
            begun, before = time.monotonic(), progress.row
            # What is repeated, and how long, the import decides.
            with connected(profile, retries=0) as client, _shown(source) as show:
                Import(source, rows, state, progress, rejects).run(client, parallel, patience, start, show)
            _report(file, progress, json=json, seconds=time.monotonic() - begun, sent=progress.row - before)
        else:
            _report(file, progress, json=json, seconds=0.0, sent=0)
    if progress.rejected:
        raise ImportFailed(path=file, reason=f"{progress.rejected:,} records were rejected, see {rejects}")


def _progress(source: Source, state: State, *, again: bool, late: bool) -> Progress:
    """Where to continue.

    Raises:
        ImportFailed: the file has changed since, or the server may have forgotten what it got last.
    """
    fingerprint = source.fingerprint()
    found = state.load()
    if again:
        return Progress(fingerprint, dedupe_of(fingerprint, secrets.token_hex(8)))
    if found is None:
        return Progress(fingerprint, dedupe_of(fingerprint))
    if found.fingerprint != fingerprint:
        if found.done:
            return Progress(fingerprint, dedupe_of(fingerprint))
        reason = f"has changed since its import was interrupted after {found.row:,} records; pass --again to begin from the start"
        raise ImportFailed(path=source.path, reason=reason)
    if found.is_late and not late:
        reason = (
            "its import was interrupted more than a day ago, and the server may not recognise the last readings that it got; "
            "pass --late to continue all the same"
        )
        raise ImportFailed(path=source.path, reason=reason)
    return found


def _rows(source: Source, named: Named) -> tuple[Rows, int]:
    """What encodes the file, and where its records begin."""
    if source.form == "ndjson":
        return JsonRows(source.path, named), 0
    header = source.header()
    return CsvRows(source.path, header, named), header.end


@contextmanager
def _shown(source: Source) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, on a terminal."""
    from penstock.cli.progress import bar  # here, because it takes a while to import

    shown = 0
    with bar(source.size_bytes) as advance:

        def show(read_bytes: int, row: int) -> None:
            nonlocal shown
            advance(f"{row:,} records", read_bytes - shown)
            shown = read_bytes

        yield show


def _report(file: Path, progress: Progress, *, json: bool, seconds: float, sent: int) -> None:
    if json:
        names = ("accepted", "duplicates", "quarantined", "rejected")
        counts = {name: getattr(progress, name) for name in names}
        print_json({"records": progress.row, **counts, "sent": sent, "seconds": round(seconds, 3)})
        return
    if not sent and not seconds:
        print(f"{file}: was imported before, {progress.row:,} records; pass --again to import it again")
        return
    parts = [f"{progress.accepted - progress.duplicates:,} stored"]
    parts += [f"{progress.duplicates:,} stored before"] if progress.duplicates else []
    parts += [f"{progress.quarantined:,} of them quarantined"] if progress.quarantined else []
    parts += [f"{progress.rejected:,} rejected"] if progress.rejected else []
    rate = f" in {seconds:.1f} s, {sent / seconds:,.0f}/s" if seconds else ""
    print(f"{file}: {progress.row:,} records: {', '.join(parts)}{rate}", file=sys.stdout)
