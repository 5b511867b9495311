"""What an organisation, a project, a user and an API key are."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant. `plan` names an entry of the plan catalogue; periods are calendar months in UTC."""

    id: int
    name: str
    plan: str
    created_us: int


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A group of devices inside an organisation; each organisation has one default."""

    id: int
    name: str
    is_default: bool
    created_us: int


class KeyStatus(StrEnum):
    """Whether a key lets in. Expired is derived from the date and not stored."""

    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A credential for programs. The value itself is not here: only its keyed hash is stored, and that apart."""

    id: int
    org_id: int
    name: str
    prefix: str
    scopes: frozenset[str]
    created_us: int
    expires_us: int | None = None
    revoked_us: int | None = None
    last_used_us: int | None = None

    def status(self, now_us: int) -> KeyStatus:
        if self.revoked_us is not None:
            return KeyStatus.REVOKED
        if self.expires_us is not None and self.expires_us <= now_us:
            return KeyStatus.EXPIRED
        return KeyStatus.ACTIVE


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key just made, with the one sight of its value."""

    key: ApiKey
    value: str


class Bootstrapped(msgspec.Struct, frozen=True, kw_only=True):
    """All that a new organisation starts with; password and key value are seen only here."""

    organization: Organization
    project: Project
    user_email: str
    user_password: str
    key: NewKey


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organisation may use. None means without limit.

    Units: retention_days counts whole days of event time.
    """

    device_limit: int | None = None
    retention_days: int | None = None
