"""The actor: the first argument of every use case."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from penstock.kit.clock import MAX_US, MIN_US
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import CustomerId, DeviceId, KeyId, OrgId, ProjectId, ResidentId, RuleId, SessionId, UserId

OWN_ORGANIZATION = "own"
"""Names the organisation of the credential, for clients that know only their key."""


class ActorKind(StrEnum):
    """The type of credential that the actor authenticated with."""

    KEY = "key"
    USER = "user"
    DEVICE = "device"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticated caller within one organisation.

    `id` is the id of the key, device or user, and 0 for the system. `name` is the caller's name in the audit log: a key's
    name or a user's e-mail. `address` is the client's network address if it is known. `calls_per_minute` is the key's own
    limit, `session_id` the session of a signed-in user. With `project_id` the caller can access only that project, with
    `resident_id` only the devices assigned to that resident, with `customer_id` only that customer. `assigned_us` is since when
    the device that the call is about has been assigned to the resident, or placed with the customer; always, if the call is about
    the whole customer. `is_first_use`: the call uses up a single-use key once it is admitted. `root_id` is the user who answers
    for a key, None for the operator. With `granted_only` the caller can access only what was granted to it: to the key, to the
    user or to the user's groups. `chain` are the rules that led to the call: its effects carry them.
    """

    org_id: OrgId
    kind: ActorKind
    id: int
    scopes: frozenset[str] = frozenset()
    name: str = ""
    address: str = ""
    calls_per_minute: int | None = None
    session_id: SessionId = SessionId(0)
    project_id: ProjectId | None = None
    resident_id: ResidentId | None = None
    customer_id: CustomerId | None = None
    assigned_us: int | None = None
    is_first_use: bool = False
    root_id: UserId | None = None
    granted_only: bool = False
    chain: tuple[RuleId, ...] = ()

    @property
    def user_id(self) -> UserId:
        """The user's id. Valid only if the caller is a user."""
        return UserId(self.id)

    @property
    def key_id(self) -> KeyId:
        """The key's id. Valid only if the caller is a key."""
        return KeyId(self.id)

    @property
    def device_id(self) -> DeviceId:
        """The device's id. Valid only if the caller is a device."""
        return DeviceId(self.id)

    @classmethod
    def system(cls, org_id: OrgId) -> Actor:
        """The server itself, acting for one organisation."""
        return cls(org_id=org_id, kind=ActorKind.SYSTEM, id=0)

    @classmethod
    def operator(cls, org_id: OrgId) -> Actor:
        """The operator of the server, acting on one organisation from the command line."""
        return cls(org_id=org_id, kind=ActorKind.SYSTEM, id=0, name="operator")

    def allows(self, scope: str) -> bool:
        """Whether the caller has the scope."""
        return scope in self.scopes or self.kind is ActorKind.SYSTEM

    def reaches(self, project_id: ProjectId) -> bool:
        """Whether the caller can access the project."""
        return self.project_id is None or self.project_id == project_id

    @property
    def sees_from_us(self) -> int:
        """From which event time on the caller can see readings: since the device is theirs, if they are bound to devices."""
        if self.resident_id is None and self.customer_id is None:
            return MIN_US
        # Without a device that was checked, such a caller sees nothing.
        return MAX_US if self.assigned_us is None else self.assigned_us

    def require_all(self, scopes: Iterable[str]) -> None:
        """Check that the caller has each of some scopes.

        Raises:
            ScopeMissing: one is missing; of several, the error names the first by name.
        """
        for scope in sorted(scopes):
            self.require(scope)

    def require(self, scope: str) -> None:
        """Check that the caller has the scope.

        Raises:
            ScopeMissing: the caller's credential does not have the scope.
        """
        if not self.allows(scope):
            raise ScopeMissing(scope=scope)


class ScopeMissing(PenstockError):
    """The credential is valid but does not have the required scope."""

    kind, code = Kind.FORBIDDEN, "auth.scope_missing"
    message = "the scope {scope} is required"
