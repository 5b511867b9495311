"""What an organisation, a project, a user and an API key are."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from penstock.core.tenancy.key_styles import OWN_STYLE
from penstock.kit.ids import KeyId, OrgId, ProjectId
from penstock.kit.secret import hides


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant. `plan` names an entry of the plan catalogue; periods are calendar months in UTC.

    A plan may end at `plan_until_us`. After a change to one that keeps less, what `former_plan` kept stays until
    `former_until_us`.
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


class Platform(StrEnum):
    """What the agents of a project run on."""

    RASPBERRY_PI = "Raspberry Pi"
    ARMV5 = "ARMv5"
    ARMV6 = "ARMv6"
    AMD64 = "AMD64"
    I386 = "i386"


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A group of devices inside an organisation; each organisation has one default.

    `alias` is its name for clients that know projects by 24 hex digits; unique in the organisation.
    """

    id: ProjectId
    name: str
    is_default: bool
    created_us: int
    alias: str
    platform: Platform = Platform.AMD64


class KeyStatus(StrEnum):
    """Whether a key lets in. Expired and spent are derived and not stored."""

    ACTIVE = "active"
    ROTATED = "rotated"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SPENT = "spent"


class SingleUse(StrEnum):
    """What the first call that a key lets in does to it.

    `bind`: from then on the key works only from that call's address. `spend`: it was the only one.
    """

    BIND = "bind"
    SPEND = "spend"


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A credential for programs. The value itself is not here: only its keyed hash is stored, and that apart.

    `cidrs` are networks as text; empty means from anywhere. A rotated key has the id of its successor in `replaced_by` and
    works until `valid_until_us`. With `project_id` it reaches nothing outside that project. `created_by` is the public id of a
    person or key, empty for the command line.
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
    last_used_us: int | None = None
    last_address: str = ""

    def status(self, now_us: int) -> KeyStatus:
        """What the key is now. A rotated one may still let in: see `lets_in`."""
        if self.revoked_us is not None:
            return KeyStatus.REVOKED
        if self.rotated_us is not None:
            return KeyStatus.ROTATED
        if self.expires_us is not None and self.expires_us <= now_us:
            return KeyStatus.EXPIRED
        if self.spent_us is not None and self.single_use is SingleUse.SPEND:
            return KeyStatus.SPENT
        return KeyStatus.ACTIVE

    def lets_in(self, now_us: int) -> bool:
        """Whether the key is good now, its address restrictions left aside."""
        status = self.status(now_us)
        if status is KeyStatus.ROTATED:
            ran_out = self.expires_us is not None and self.expires_us <= now_us
            spent = self.spent_us is not None and self.single_use is SingleUse.SPEND
            return self.valid_until_us is not None and now_us < self.valid_until_us and not (ran_out or spent)
        return status is KeyStatus.ACTIVE


class KeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a key is to be. Units: microseconds since the epoch, calls per minute."""

    name: str
    scopes: frozenset[str] = frozenset()
    style: str = OWN_STYLE
    expires_us: int | None = None
    cidrs: tuple[str, ...] = ()
    single_use: SingleUse | None = None
    per_minute: int | None = None
    project_id: ProjectId | None = None


@hides("value")
class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key just made, with the one sight of its value."""

    key: ApiKey
    value: str


@hides("user_password")
class Bootstrapped(msgspec.Struct, frozen=True, kw_only=True):
    """All that a new organisation starts with; password and key value are seen only here. No password after a sign-up."""

    organization: Organization
    project: Project
    user_email: str
    user_password: str
    key: NewKey


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plan costs in a calendar month: a base with some devices in it, and so much for each device beyond.

    Units: base_cost and device_cost in `currency`, written as text so that no digit is lost.
    """

    tier: str
    base_cost: Decimal
    device_cost: Decimal
    included_devices: int = 0
    currency: str = "EUR"


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organisation may use. None means without limit.

    Units: retention_days counts whole days of event time, audit_days of entries of the audit log; calls are those of APIs,
    days and months are UTC's. Without `api_access`, surfaces that ask for it answer 403.
    `alert_channels` are those by which alerts may be told, of email, sms, chat and webhook.
    """

    device_limit: int | None = None
    retention_days: int | None = None
    key_limit: int | None = None
    alert_limit: int | None = None
    alert_channels: tuple[str, ...] | None = None
    monthly_sms: int | None = None
    api_access: bool = True
    calls_per_minute: int | None = None
    calls_per_day: int | None = None
    monthly_readings: int | None = None
    audit_days: int | None = None
    price: Price | None = None
