"""`penstock export`: readings of devices of a server at a distance as a file."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, cast

from cyclopts import Parameter

from penstock.cli.client import connected, device_of
from penstock.cli.get import AT_ONCE, FromOption, RangeOption, ToOption
from penstock.cli.remote import ProfileOption, RemoteFailed

if TYPE_CHECKING:
    from penstock_client import Client

NDJSON, CSV = "ndjson", "csv"
NEW_FILE = 0o666
"""Permissions of a new file, of which the umask takes away."""


def export(
    *devices: str,
    output: Annotated[
        Path | None,
        Parameter(name=["--output", "-o"], help="File to write; compressed if it ends in .gz. Default: standard output."),
    ] = None,
    format_: Annotated[
        Literal["csv", "ndjson"] | None, Parameter("--format", help="Default: by the name of the file, otherwise ndjson.")
    ] = None,
    from_: FromOption = None,
    to: ToOption = None,
    range_: RangeOption = None,
    fields: Annotated[str | None, Parameter(help="Keys of sensors, separated by commas. Default: all.")] = None,
    profile: ProfileOption = None,
) -> None:
    """Write readings to a file, oldest first, one device after the other. penstock import reads it.

    The file appears when it is complete. CSV contains one device; NDJSON any number, with kinds and channels. The key
    needs the scope telemetry:read.

    Parameters
    ----------
    devices
        Ids, names, or identifiers as kind:value. Default: all devices, which needs devices:read.
    """
    form = format_ or _format_of(output)
    asked: dict[str, Any] = {"format": form, "from_": from_, "to": to, "range": range_, "fields": fields}
    with connected(profile) as client:
        ids = [device_of(one, client) for one in devices] or [one["id"] for one in client.devices.list(limit=AT_ONCE)]
        if form == CSV and len(ids) != 1:
            raise RemoteFailed(reason=f"a CSV file contains one device, not {len(ids)}: name one, or pass --format ndjson")
        with _opened(output) as out:
            count = sum(_write(client, one, asked, out) for one in ids)
    if output is not None:
        plural = "" if len(ids) == 1 else "s"
        print(f"{output}: {count:,} bytes of {len(ids):,} device{plural}", file=sys.stderr)


def _write(client: Client, device_id: str, asked: dict[str, Any], out: IO[bytes]) -> int:
    return sum(out.write(part) for part in client.telemetry.export(device_id, **asked).chunks())


def _format_of(output: Path | None) -> str:
    if output is None:
        return NDJSON
    name = output.name.lower().removesuffix(".gz")
    if name.endswith(".csv"):
        return CSV
    if name.endswith((".ndjson", ".jsonl")):
        return NDJSON
    raise RemoteFailed(reason=f"{output}: pass --format, or a name that ends in .csv or .ndjson, with or without .gz")


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """The file, which replaces another one only when it is complete and on disk."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            if output.name.lower().endswith(".gz"):
                with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
                    yield cast(IO[bytes], packed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
