"""Builds the services for organisations, projects and keys."""

from __future__ import annotations

from collections.abc import Callable

from penstock.adapters.passwords import hash_password
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.api.v2.keys.routes import KeyEndpoints
from penstock.api.v2.organization.routes import OrganizationEndpoints
from penstock.bootstrap.dialects import KEY_STYLES, PROJECT_COMMANDS
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.bootstrap.watchers import Watchers
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.starting import StartingCommands
from penstock.core.tenancy.keys import KeyMaker, KeyService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.service import TenancyService
from penstock.kit.clock import Clock
from penstock.kit.ids import IdSource, KeyId
from penstock.workers.key_usage import KeyUsageWorker


def build_tenancy(database: SqliteDatabase, data_dir: DataDir, clock: Clock) -> TenancyService:
    """Build the service for organisations and projects. It needs only the control database."""
    ids = IdSource(clock.now_us)
    maker = KeyMaker(data_dir.pepper(), ids, clock, KEY_STYLES)
    trail = AuditTrail(clock)
    return TenancyService(
        database=database,
        maker=maker,
        trail=trail,
        ids=ids,
        clock=clock,
        hash_password=hash_password,
        contents=StartingCommands(ids, PROJECT_COMMANDS),
    )


def build_keys(
    database: SqliteDatabase, data_dir: DataDir, plans: PlanCatalogue, clock: Clock, on_change: Callable[[KeyId], None]
) -> KeyService:
    """Build the service for API keys. It needs only the control database."""
    maker = KeyMaker(data_dir.pepper(), IdSource(clock.now_us), clock, KEY_STYLES)
    trail = AuditTrail(clock)
    watcher = Watchers(trail, IdSource(clock.now_us), clock)
    return KeyService(database=database, maker=maker, plans=plans, trail=trail, clock=clock, watcher=watcher, on_change=on_change)


def tenancy_part(services: Services, tenancy: TenancyService, keys: KeyService) -> Part:
    """Endpoints and loop for organisations."""

    def forget_credentials() -> None:
        for forget in services.on_foreign_change:
            forget()

    usage = KeyUsageWorker(services.database, services.authenticator, services.trail, forget_credentials)
    return Part(
        endpoints=(OrganizationEndpoints(tenancy, services.plans), KeyEndpoints(keys, services.clock)),
        loops={"key_usage": usage.run},
    )
