"""What each role may do, as sets of scopes, and who may act on whom. Pure.

One rule covers granting, changing and removing: nobody hands out, or acts on somebody who has,
more than they may do themselves. It holds for API keys as for people.
"""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.core.people.errors import BeyondYou, SessionRequired
from penstock.core.people.models import Role
from penstock.core.tenancy.scopes import ALL

LIMITED = frozenset({"profile:read"})
"""What is left to a session without second factor where the organisation demands one: to look at oneself, and to enrol."""

OWN_DEVICES = "own_devices:read"
"""What residents have in place of the scope of an operation that shows a device of theirs. No key can carry it."""

_OVERSIGHT = {"audit:read", "logs:read", "billing:read"}
_WRITTEN_BY_MEMBERS = (
    "devices",
    "sensors",
    "sensor_templates",
    "telemetry",
    "dashboards",
    "rules",
    "commands",
    "alarms",
    "alerts",
)
_READ = frozenset(scope for scope in ALL if scope.endswith(":read")) - _OVERSIGHT
SCOPES: dict[Role, frozenset[str]] = {
    Role.OWNER: ALL,
    Role.ADMIN: ALL - {"billing:read"},
    Role.MEMBER: _READ | {f"{area}:write" for area in _WRITTEN_BY_MEMBERS} | {"tokens:code", "sms:send"},
    Role.VIEWER: _READ,
    Role.RESIDENT: frozenset({"profile:read", OWN_DEVICES}),
}


def check_reach(actor: Actor, role: Role) -> None:
    """Whether an actor may give a role, or act on somebody who has it.

    Raises:
        BeyondYou: the role may do what the actor may not.
    """
    may = frozenset() if role is Role.RESIDENT else SCOPES[role]  # what residents see is their own, and nobody's to hand out
    if actor.kind is not ActorKind.SYSTEM and not may <= actor.scopes:
        raise BeyondYou(role=role.value)


def check_person(actor: Actor) -> None:
    """Whether a person who signed in is asking.

    Raises:
        SessionRequired: an API key, which is nobody's self.
    """
    if actor.kind is not ActorKind.USER:
        raise SessionRequired()
