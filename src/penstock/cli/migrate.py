"""`penstock migrate`: migrate the schema without starting a server."""

from __future__ import annotations

from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.migrations import known_version, schema_name
from penstock.adapters.storage.sqlite.migrations import migrate as run_migrations
from penstock.adapters.storage.sqlite.segments import SegmentFiles
from penstock.bootstrap.stores import note_migration
from penstock.cli.options import DataDirOption, check_data_dir
from penstock.kit.clock import SystemClock, format_time


def migrate(*, data_dir: DataDirOption) -> None:
    """Migrate the data directory to the schema of this program. A server does the same when it starts.

    Fails while a server runs. Copies the control database to `snapshots/` first.
    """
    check_data_dir(data_dir)
    with DataDir(data_dir).locked():
        SegmentFiles(DataDir(data_dir).telemetry).load()  # rejects segments of a newer program before anything is changed
        now_us = SystemClock().now_us()
        now = format_time(now_us).replace(":", "")
        ran = run_migrations(data_dir, now)
        if ran:
            note_migration(data_dir, ran, now_us)
    if not ran:
        print(f"up to date: schema {schema_name(known_version())}")
        return
    for name in ran:
        print(f"ran {name}")
    for snapshot in (data_dir / "snapshots").glob(f"*-{now}.db"):
        print(f"copy of the database from before: {snapshot}")
