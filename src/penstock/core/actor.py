"""Who is asking: the first argument of every use case."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import DeviceId, KeyId, OrgId, ProjectId, ResidentId, SessionId, UserId


class ActorKind(StrEnum):
    """What sort of credential an actor came with."""

    KEY = "key"
    USER = "user"
    DEVICE = "device"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticated caller inside one organisation.

    `id` is the key's, device's or user's id; for the system it is 0. `name` is what the audit log calls the caller: a key's
    name, a person's e-mail. `address` is the client's network address where it is known. `calls_per_minute`
    is a key's limit of its own, `session_id` the session of a person who signed in. With `project_id` the
    caller reaches nothing outside that project; with `resident_id` nothing but the devices assigned to that resident.
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

    @property
    def user_id(self) -> UserId:
        """The id of a person who calls: to be asked for only where the caller is known to be one."""
        return UserId(self.id)

    @property
    def key_id(self) -> KeyId:
        """The id of a key that calls: to be asked for only where the caller is known to be one."""
        return KeyId(self.id)

    @property
    def device_id(self) -> DeviceId:
        """The id of a device that calls: to be asked for only where the caller is known to be one."""
        return DeviceId(self.id)

    @classmethod
    def system(cls, org_id: OrgId) -> Actor:
        """The program itself, working for one organisation."""
        return cls(org_id=org_id, kind=ActorKind.SYSTEM, id=0)

    def allows(self, scope: str) -> bool:
        """Whether the caller may do what needs this scope."""
        return scope in self.scopes or self.kind is ActorKind.SYSTEM

    def reaches(self, project_id: ProjectId) -> bool:
        """Whether what belongs to a project is within the caller's bounds."""
        return self.project_id is None or self.project_id == project_id

    def require(self, scope: str) -> None:
        """Let pass or refuse.

        Raises:
            ScopeMissing: the caller's credential does not carry the scope.
        """
        if not self.allows(scope):
            raise ScopeMissing(scope=scope)


class ScopeMissing(PenstockError):
    """The credential is good but does not carry the scope this needs."""

    kind, code = Kind.FORBIDDEN, "auth.scope_missing"
    message = "this needs the scope {scope}, which the key does not carry"
