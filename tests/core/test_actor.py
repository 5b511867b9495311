"""Who is asking: what a caller may do, and what lies within its bounds."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.kit.ids import OrgId, ProjectId


def test_a_scope_is_carried_or_refused_by_name() -> None:
    key = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=frozenset({"devices:read"}))
    key.require("devices:read")
    assert not key.allows("devices:write")
    with pytest.raises(ScopeMissing, match="devices:write"):
        key.require("devices:write")


def test_the_program_may_everything() -> None:
    system = Actor.system(OrgId(1))
    system.require("devices:write")
    assert (system.org_id, system.id, system.project_id) == (1, 0, None)


def test_a_bound_caller_reaches_its_project_alone() -> None:
    bound = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, project_id=ProjectId(5))
    free = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1)
    assert [one.reaches(ProjectId(project)) for one in (bound, free) for project in (5, 6)] == [True, False, True, True]
