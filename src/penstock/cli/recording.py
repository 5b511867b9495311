"""Records acts of the operator on the whole server."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

from penstock.adapters.storage.sqlite.audit import append_for_all
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE


def record_done(data_dir: Path, what: str, action: str, now_us: int, details: dict[str, Any]) -> None:
    """Record an act in every organisation's audit log. It counts without that too: the disk may be full or read-only.

    `what` is what a warning calls it, such as `this backup`.
    """
    try:
        append_for_all(data_dir / CONTROL_FILE, action, now_us, details)
    except (sqlite3.Error, OSError) as error:
        print(f"penstock: the audit log does not record {what}: {error}", file=sys.stderr)
