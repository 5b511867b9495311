"""The permissions of each role, as sets of scopes, and which members may act on which. Pure.

One rule covers granting, changing and removing: a caller can neither grant more permissions than their own nor act on a member
who has more. It applies to API keys and to users.
"""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.core.people.errors import RoleNotAllowed, SessionRequired
from penstock.core.people.models import Role
from penstock.core.tenancy.scopes import ALL, REACHES_ALL

LIMITED = frozenset({"profile:read"})
"""The scopes of a session without a second factor where the organisation requires one: to read the own profile, and to enrol."""

OWN_DEVICES = "own_devices:read"
"""The scope of residents for operations that show one of their devices, in place of the regular one. No key can carry it."""

OWN_CUSTOMER = "own_customer"
"""The scope of a customer's managers for operations that are about their customer, in place of the regular one. No key can carry
it."""
BOUND = frozenset({Role.RESIDENT, Role.CUSTOMER_MANAGER})
"""Roles that see only a part of the organisation, which is a part of the membership: it is given by an invitation."""

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
_GRANTED = frozenset({"tokens:seed"})
"""A scope that gives nothing by itself to callers who reach only what is granted."""
_READ = frozenset(scope for scope in ALL if scope.endswith(":read")) - _OVERSIGHT
SCOPES: dict[Role, frozenset[str]] = {
    Role.OWNER: ALL,
    Role.ADMIN: ALL - {"billing:read", "billing:write"},
    Role.MEMBER: _READ | {f"{area}:write" for area in _WRITTEN_BY_MEMBERS} | {"tokens:code", "tokens:seed", "sms:send"},
    Role.VIEWER: _READ,
    Role.RESIDENT: frozenset({"profile:read", OWN_DEVICES}),
    Role.CUSTOMER_MANAGER: frozenset({"profile:read", OWN_CUSTOMER}),
}
SCOPES_OF_ROLES: dict[str, frozenset[str]] = {role.value: scopes for role, scopes in SCOPES.items()}
"""The same by the stored names of roles, for nouns that do not know roles: a key has only the scopes that its root has."""

NEEDED_TO_INVITE: dict[Role, frozenset[str]] = {role: frozenset({"organization:write"}) for role in Role} | {
    Role.RESIDENT: frozenset({"customers:write", "telemetry:read"}),
    Role.CUSTOMER_MANAGER: frozenset({"customers:write", "customers:read", "devices:read", "telemetry:read", "billing:read"}),
}
"""The scopes that inviting to a role requires, besides those of the role."""


def check_reach(actor: Actor, role: Role) -> None:
    """Check that an actor may grant a role, or act on a member who has it.

    Raises:
        RoleNotAllowed: the role has more permissions than the actor.
    """
    may = frozenset() if role in BOUND else _given(role)  # their scopes are for their own part, which cannot be granted
    if actor.kind is not ActorKind.SYSTEM and not may <= actor.scopes:
        raise RoleNotAllowed(role=role.value)


def check_invites(actor: Actor, role: Role) -> None:
    """Check that an actor may invite someone to a role.

    Raises:
        RoleNotAllowed: the role has more permissions than the actor.
        ScopeMissing: residents and managers see what the actor must not.
    """
    check_reach(actor, role)
    actor.require_all(NEEDED_TO_INVITE[role])


def still_invites(scopes: frozenset[str], role: Role) -> bool:
    """Whether someone who now has these scopes may invite to a role."""
    return NEEDED_TO_INVITE[role] <= scopes and (role in BOUND or _given(role) <= scopes)


def _given(role: Role) -> frozenset[str]:
    """The scopes of a role that give something by themselves."""
    scopes = SCOPES[role]
    return scopes if REACHES_ALL in scopes else scopes - _GRANTED


def check_person(actor: Actor) -> None:
    """Check that the actor is a signed-in user.

    Raises:
        SessionRequired: the actor is an API key.
    """
    if actor.kind is not ActorKind.USER:
        raise SessionRequired()
