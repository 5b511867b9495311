"""The audit log."""

from __future__ import annotations

from penstock.api.v2.audit.routes import AuditEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services


def audit_part(services: Services) -> Part:
    """What the audit log brings to a server."""
    return Part(endpoints=(AuditEndpoints(services.audit),))
