"""The audit log."""

from __future__ import annotations

from penstock.api.v2.audit.routes import AuditEndpoints
from penstock.bootstrap.part import Part
from penstock.core.audit.service import AuditService


def audit_part(audit: AuditService) -> Part:
    """Endpoints of the audit log."""
    return Part(endpoints=(AuditEndpoints(audit),))
