"""The server without limits, usage and audit, for comparison with the one that has them. Only for the bench.

python -m bench.unprotected serve --data-dir DIR …
"""

from __future__ import annotations

from penstock.adapters.storage.sqlite.usage import SqliteUsage
from penstock.cli.main import main
from penstock.core.audit.trail import AuditTrail
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.policy import CallLimits
from penstock.core.usage.monthly import MonthlyReadings
from penstock.core.usage.service import CallCounter


async def _nothing(*_: object, **__: object) -> None:
    return None


async def _no_states(*_: object) -> tuple[()]:
    return ()


def strip() -> None:
    """Replace everything in this process that counts, limits and records calls."""
    CallLimits.take = CallLimits.peek = _no_states  # type: ignore[assignment, method-assign]
    CallCounter.count = lambda *_: None  # type: ignore[assignment, method-assign]
    MonthlyReadings.take = _nothing  # type: ignore[assignment, method-assign]
    MonthlyReadings.unlimited = lambda *_: True  # type: ignore[assignment, method-assign]
    BackfillLane.take = lambda *_: 0.0  # type: ignore[assignment, method-assign]
    SqliteUsage.add_devices = _nothing  # type: ignore[assignment, method-assign]
    SqliteUsage.add_calls = _nothing  # type: ignore[assignment, method-assign]
    AuditTrail.record = _nothing  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    strip()
    main()
