"""Converts audit entries between wire structs and core models."""

from __future__ import annotations

from penstock.api.shared.audit_rows import filter_of, time_of
from penstock.api.v2.audit import wire
from penstock.core.audit.models import AuditFilter, Head
from penstock.kit.clock import format_time


def from_core_head(head: Head) -> wire.AuditHead:
    return wire.AuditHead(head.seq, head.hash, format_time(head.time_us) if head.seq else None)


def to_core_filter(query: wire.AuditQuery | wire.AuditExportQuery) -> AuditFilter:
    return filter_of(
        action=query.action,
        actor=query.actor,
        target=query.target,
        outcome=query.outcome,
        since=time_of(query.from_, "from"),
        until=time_of(query.to, "to"),
    )
