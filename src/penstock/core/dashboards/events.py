"""Events of dashboards. Wire names are past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import DashboardId, ProjectId, RuleId

CREATED = "dashboard.created"
UPDATED = "dashboard.updated"
DELETED = "dashboard.deleted"
SHARED = "dashboard.shared"
TOPICS = (CREATED, UPDATED, DELETED, SHARED)


class DashboardChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard was created, changed (also by its widgets), deleted or shared; the topic states which.

    `chain` are the rules that led to it.
    """

    dashboard_id: DashboardId
    name: str
    at_us: int
    project_id: ProjectId | None = None
    chain: tuple[RuleId, ...] = ()
