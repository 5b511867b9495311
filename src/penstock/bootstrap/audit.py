"""The audit log."""

from __future__ import annotations

from penstock.api.v2.audit.routes import AuditEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services


def audit_part(services: Services) -> Part:
    """Endpoints of the audit log."""
    return Part(endpoints=(AuditEndpoints(services.audit),))
