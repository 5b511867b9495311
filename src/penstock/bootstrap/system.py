"""Builds the part for the operator: health and metrics, from the checks and figures of all nouns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from penstock import __version__
from penstock.adapters.storage.backup_files import BackupDirectory
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.machine import DataDirProbe
from penstock.api.system.access import OperatorGate
from penstock.api.system.health import Follower, HealthEndpoints
from penstock.api.system.index import IndexEndpoints
from penstock.api.system.metrics import FigureTable, Metrics
from penstock.api.v2.system import wire
from penstock.api.v2.system.routes import SystemEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.system.models import Check, Status
from penstock.core.system.service import SystemService
from penstock.settings import FILE_NAME, Settings
from penstock.workers.backups import BackupWorker
from penstock.workers.progress import Behind, Followers


def system_part(progress: Followers, settings: Settings, nouns: Sequence[Part], operators: OperatorGate) -> Part:
    """Endpoints for health and metrics."""
    behind_after_s = settings.workers.behind_after_s
    checks = {name: check for noun in nouns for name, check in noun.checks.items()}
    notices = {name: notice for noun in nouns for name, notice in noun.notices.items()}
    metrics = Metrics((figure for noun in nouns for figure in noun.figures), _tables(progress))

    def followers() -> dict[str, Follower]:
        return {name: _follower(one, behind_after_s) for name, one in progress.behind().items()}

    health = HealthEndpoints(__version__, settings.log.dangerous_durability, checks, notices, metrics, operators, followers)
    return Part(endpoints=(IndexEndpoints(__version__, console=settings.console.enabled), health))


def operator_part(services: Services, data_dir: DataDir, settings: Settings, nouns: Sequence[Part]) -> Part:
    """Endpoints for the operator of the server, and the worker that writes backups."""
    files = BackupDirectory(data_dir.path, _backup_dir(data_dir, settings), _settings_file(data_dir), __version__)
    backups = BackupWorker(files)
    system = SystemService(
        config=settings.system,
        database=services.database,
        probe=DataDirProbe(data_dir.path),
        files=files,
        queue=backups,
        trail=services.trail,
        clock=services.clock,
    )

    def followers() -> list[wire.Follower]:
        behind = services.followers.behind()
        return [_shown(name, _follower(one, settings.workers.behind_after_s)) for name, one in behind.items()]

    endpoints = SystemEndpoints(
        system,
        version=__version__,
        durability=settings.log.dangerous_durability,
        checks=lambda: [check for noun in nouns for check in _checked(noun)],
        followers=followers,
    )
    return Part(endpoints=(endpoints,), loops={"backups": backups.run})


def _backup_dir(data_dir: DataDir, settings: Settings) -> Path:
    named = settings.system.backup_dir
    return Path(named) if named else data_dir.path / "backups"


def _settings_file(data_dir: DataDir) -> Path | None:
    found = data_dir.path / FILE_NAME
    return found if found.is_file() else None


def _checked(noun: Part) -> list[Check]:
    """The readiness of a noun as checks; of the notices only those that there are."""
    found = [(name, check(), Status.FAIL) for name, check in noun.checks.items()]
    found += [(name, notice, Status.WARN) for name, check in noun.notices.items() if (notice := check()) is not None]
    return [Check(name, Status.OK if problem is None else status, problem or "is well") for name, problem, status in found]


def _shown(name: str, one: Follower) -> wire.Follower:
    return wire.Follower(name=name, status=one.status, rows=one.rows, seconds=one.seconds or 0.0, error=one.error)


def _follower(one: Behind, behind_after_s: float) -> Follower:
    status = "behind" if one.seconds > behind_after_s else "ok"
    return Follower(status=status, rows=one.rows, seconds=round(one.seconds, 1), error=one.error or None)


def _tables(followers: Followers) -> tuple[FigureTable, ...]:
    def rows() -> dict[str, float]:
        return {name: one.rows for name, one in followers.behind().items() if one.rows is not None}

    def seconds() -> dict[str, float]:
        return {name: one.seconds for name, one in followers.behind().items()}

    return (
        FigureTable("worker_behind_rows", "Readings or queued rows that a worker has not processed yet.", "worker", rows),
        FigureTable("worker_behind_seconds", "Seconds for which a worker has had unfinished work.", "worker", seconds),
    )
