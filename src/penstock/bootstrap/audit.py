"""The audit log."""

from __future__ import annotations

from penstock.api.system.metrics import Figure
from penstock.api.v2.audit.routes import AuditEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.audit.checking import ChainChecker
from penstock.core.audit.service import AuditService
from penstock.settings import Settings
from penstock.workers.audit import AuditWorker


def audit_part(services: Services, settings: Settings, audit: AuditService) -> Part:
    """Endpoints and loop of the audit log."""
    checker = ChainChecker(services.database)
    worker = AuditWorker(checker, services.clock, settings.audit.check_interval_s)
    return Part(
        endpoints=(AuditEndpoints(audit),),
        loops={"audit": worker.run},
        figures=(
            Figure("audit_chains_broken", "Audit logs that do not verify.", lambda: len(checker.broken)),
            Figure("audit_rows_verified", "Rows of audit logs that were verified.", lambda: checker.rows, counts=True),
        ),
    )
