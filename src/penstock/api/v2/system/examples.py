"""Examples of the server as a whole."""

from __future__ import annotations

SYSTEM = {
    "version": "0.1.0",
    "durability": "full",
    "disk": {
        "total_bytes": 500_000_000_000,
        "free_bytes": 410_000_000_000,
        "readings_bytes": 61_000_000_000,
        "control_bytes": 52_000_000,
        "bytes_per_day": 910_000_000.0,
        "days_left": 450.5,
    },
    "checks": [{"name": "disk space", "status": "ok", "detail": "410.0 GB free of 500.0 GB"}],
    "followers": [{"name": "observer", "status": "ok", "rows": 0, "seconds": 0.0, "error": None}],
}
BACKUP = {
    "name": "penstock-20260401T060000Z.tar.gz",
    "state": "complete",
    "created_at": "2026-04-01T06:00:00Z",
    "bytes": 14_000_000_000,
    "done": 1.0,
    "error": None,
}
BEGUN = BACKUP | {"state": "running", "bytes": None, "done": 0.0}
