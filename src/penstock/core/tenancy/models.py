"""Organisations, projects, API keys and plans."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

import msgspec

from penstock.core.tenancy.key_styles import OWN_STYLE
from penstock.core.tenancy.scopes import REACHES_ALL
from penstock.kit.bounds import Count, CountFromZero, Days, ShortText
from penstock.kit.ids import KeyId, OrgId, ProjectId, UserId
from penstock.kit.secret import hides


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant. `plan` names an entry of the plan catalogue; periods are calendar months in UTC.

    A plan may end at `plan_until_us`. After a change to a plan with a shorter retention, the retention of `former_plan` applies
    until `former_until_us`.
    """

    id: OrgId
    name: str
    plan: str
    created_us: int
    suspended_us: int | None = None
    plan_until_us: int | None = None
    trial: bool = False
    former_plan: str | None = None
    former_until_us: int | None = None


Channel: TypeAlias = Literal["email", "sms", "chat", "webhook"]
"""A notification channel that a plan can exclude. Commands are not notifications."""


class Platform(StrEnum):
    """The platform on which the agents of a project run."""

    RASPBERRY_PI = "Raspberry Pi"
    ARMV5 = "ARMv5"
    ARMV6 = "ARMv6"
    AMD64 = "AMD64"
    I386 = "i386"


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A group of devices inside an organisation; each organisation has one default project.

    `alias` is its name for clients that identify projects by 24 hexadecimal digits; it is unique in the organisation.
    """

    id: ProjectId
    name: str
    is_default: bool
    created_us: int
    alias: str
    platform: Platform = Platform.AMD64


class KeyStatus(StrEnum):
    """The state of a key. Expired and spent are derived and not stored."""

    ACTIVE = "active"
    ROTATED = "rotated"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SPENT = "spent"


class SingleUse(StrEnum):
    """What the first successful call with a key does to it.

    `bind`: from then on the key works only from that call's address. `spend`: the key works only for that call.
    """

    BIND = "bind"
    SPEND = "spend"


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A credential for programs. The value is not stored, only its keyed hash, which is not part of this struct.

    `cidrs` are networks as text; empty allows any address. A rotated key has the id of its successor in `replaced_by` and works
    until `valid_until_us`. With `project_id` it can access only that project. `created_by` is the public id of a user or key,
    empty for the command line.

    `root_id` is the user who answers for the key, None for the operator: its maker, or the root of the key that made it. What
    the key can do is measured against `root_role`, the user's role now (None: no longer a member), and `root_suspended`.

    With `granted_only` it can access only what was granted to it or to its root: since the first grant to it, and for ever.
    """

    id: KeyId
    org_id: OrgId
    name: str
    prefix: str
    scopes: frozenset[str]
    created_us: int
    style: str = OWN_STYLE
    expires_us: int | None = None
    revoked_us: int | None = None
    rotated_us: int | None = None
    valid_until_us: int | None = None
    replaced_by: KeyId | None = None
    cidrs: tuple[str, ...] = ()
    single_use: SingleUse | None = None
    used_from: str | None = None
    spent_us: int | None = None
    per_minute: int | None = None
    project_id: ProjectId | None = None
    created_by: str = ""
    root_id: UserId | None = None
    root_role: str | None = None
    root_suspended: bool = False
    granted_only: bool = False
    last_used_us: int | None = None
    last_address: str = ""

    @property
    def has_root(self) -> bool:
        """Whether its root can still act: the operator, or a member who is not suspended."""
        return self.root_id is None or (self.root_role is not None and not self.root_suspended)

    def granted(self, role_scopes: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """The scopes of the key that its root also has now."""
        if self.root_id is None:
            return self.scopes
        return self.scopes & role_scopes.get(self.root_role or "", frozenset()) if self.has_root else frozenset()

    def needs_grants(self, role_scopes: Mapping[str, frozenset[str]]) -> bool:
        """Whether it can access only what is granted: since the first grant to it, or because that is so for its root."""
        if self.granted_only:
            return True
        return self.root_id is not None and REACHES_ALL not in role_scopes.get(self.root_role or "", frozenset())

    def status(self, now_us: int) -> KeyStatus:
        """The state of the key. A rotated one may still be usable: see `is_usable`."""
        if self.revoked_us is not None:
            return KeyStatus.REVOKED
        if self.rotated_us is not None:
            return KeyStatus.ROTATED
        if self.expires_us is not None and self.expires_us <= now_us:
            return KeyStatus.EXPIRED
        if self.spent_us is not None and self.single_use is SingleUse.SPEND:
            return KeyStatus.SPENT
        return KeyStatus.ACTIVE

    def is_usable(self, now_us: int) -> bool:
        """Whether the key is valid now, apart from its address restrictions."""
        status = self.status(now_us)
        if status is KeyStatus.ROTATED:
            # The overlap does not extend the key: its own expiry and its single use still end it.
            ran_out = self.expires_us is not None and self.expires_us <= now_us
            spent = self.spent_us is not None and self.single_use is SingleUse.SPEND
            return self.valid_until_us is not None and now_us < self.valid_until_us and not (ran_out or spent)
        return status is KeyStatus.ACTIVE


class KeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The properties of a key to create. Units: microseconds since the epoch, calls per minute.

    With `granted_only` it can access only tokens that are granted.
    """

    name: str
    scopes: frozenset[str] = frozenset()
    style: str = OWN_STYLE
    expires_us: int | None = None
    cidrs: tuple[str, ...] = ()
    single_use: SingleUse | None = None
    per_minute: int | None = None
    project_id: ProjectId | None = None
    granted_only: bool = False


@hides("value")
class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key with its value, which is shown only once."""

    key: ApiKey
    value: str


@hides("user_password")
class Bootstrapped(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a new organisation starts with; password and key value are shown only here. No password after a sign-up."""

    organization: Organization
    project: Project
    user_email: str
    user_password: str
    key: NewKey


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The cost of a plan per calendar month: a base cost that includes some devices, and a cost for each further device.

    Units: base_cost and device_cost in `currency`, as strings so that no digit is lost.
    """

    tier: ShortText
    base_cost: Decimal
    device_cost: Decimal
    included_devices: CountFromZero = 0
    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)] = "EUR"


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of an organisation. None means unlimited.

    Units: retention_days counts whole days of event time, audit_days of audit entries; calls are API calls, days and months are
    UTC. Without `api_access`, surfaces that require it return 403. `alert_channels` are the channels that alerts can use. A
    number of 0 allows none.
    """

    device_limit: CountFromZero | None = None
    retention_days: Days | None = None
    key_limit: CountFromZero | None = None
    alert_limit: CountFromZero | None = None
    alert_channels: tuple[Channel, ...] | None = None
    monthly_sms: CountFromZero | None = None
    api_access: bool = True
    calls_per_minute: Count | None = None
    calls_per_day: Count | None = None
    monthly_readings: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_000)] | None = None
    audit_days: Days | None = None
    price: Price | None = None
