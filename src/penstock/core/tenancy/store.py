"""What the tenancy use cases need of a store."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.tenancy.models import ApiKey, KeyStatus, Organization, Project
from penstock.kit.ids import DeviceId, KeyId, OrgId, ProjectId, UserId


class OrganizationStore(Protocol):
    """Organisations themselves. The only store, with `CredentialStore`, that looks across organisations."""

    async def create(self, organization: Organization) -> None:
        """Add an organisation. The caller checked that the name is free, in the same transaction."""

    async def find(self, org_id: OrgId) -> Organization | None:
        """The organisation with this id."""

    async def find_by_name(self, name: str) -> Organization | None:
        """The organisation with exactly this name."""

    async def update(self, organization: Organization) -> None:
        """Write plan and suspension of an organisation."""

    async def list_due(self, now_us: int) -> list[Organization]:
        """Those whose plan has ended, oldest end first."""

    async def list(self) -> list[Organization]:
        """All of them, oldest first: for workers that go through every organisation."""

    async def create_owner(self, org_id: OrgId, user_id: UserId, email: str, password_hash: str, now_us: int) -> None:
        """Make a user and their membership as owner. A user whose e-mail is known already keeps their password."""


class ProjectStore(Protocol):
    """Projects of the transaction's organisation."""

    async def create(self, project: Project) -> None:
        """Add a project.

        Raises:
            ProjectAliasTaken: another one has its alias.
        """

    async def find(self, project_id: ProjectId) -> Project | None:
        """The project with this id."""

    async def find_by_alias(self, alias: str) -> Project | None:
        """The project with this alias."""

    async def find_default(self) -> Project | None:
        """The organisation's default project."""

    async def list(self) -> list[Project]:
        """All projects, oldest first."""


class KeyStore(Protocol):
    """API keys of the transaction's organisation."""

    async def create(self, key: ApiKey, digest: bytes) -> None:
        """Add a key with the keyed hash of its value."""

    async def find(self, key_id: KeyId) -> ApiKey | None:
        """The key with this id."""

    async def update(self, key: ApiKey) -> None:
        """Write name, ends and successor of a key; its value, scopes and restrictions never change."""

    async def spend(self, key_id: KeyId, address: str, now_us: int) -> bool:
        """Use a single-use key for the first time; False when that was done before."""

    async def count_active(self, now_us: int) -> int:
        """How many keys are neither revoked, rotated, expired nor spent."""

    async def list_letting_in(self, now_us: int) -> list[ApiKey]:
        """Keys that let somebody in: active ones, and rotated ones in their overlap."""

    async def touch(self, key_id: KeyId, address: str, now_us: int) -> bool:
        """Note when and from where a key was last used. Whether that is its first use of the day (UTC)."""

    async def list(
        self,
        limit: int,
        before_id: int | None = None,
        status: KeyStatus | None = None,
        now_us: int = 0,
    ) -> list[ApiKey]:
        """Keys newest first, all or of one status."""


class CredentialStore(Protocol):
    """The look-up from a credential to its owner: the one place where the organisation is the answer, not the filter."""

    async def find_key(self, digest: bytes) -> ApiKey | None:
        """The key whose value has this keyed hash."""

    async def changes(self) -> int:
        """A number that moves with every change of a credential, in whichever process."""

    async def find_device_id(self, digest: bytes) -> tuple[OrgId, DeviceId] | None:
        """Organisation and device whose access token has this keyed hash."""


class HasProjects(Protocol):
    """A transaction with projects."""

    @property
    def projects(self) -> ProjectStore:
        """Projects."""


class HasKeys(Protocol):
    """A transaction with API keys."""

    @property
    def keys(self) -> KeyStore:
        """API keys."""


class HasOrganizations(Protocol):
    """A transaction across organisations with the organisations themselves."""

    @property
    def organizations(self) -> OrganizationStore:
        """The organisations themselves."""


class HasCredentials(Protocol):
    """A transaction across organisations with credentials."""

    @property
    def credentials(self) -> CredentialStore:
        """Look-ups by credential."""


class TenancyTransaction(HasProjects, HasKeys, HasAudit, Protocol):
    """What an organisation's projects and keys are kept in."""


class TenancySystemTransaction(HasOrganizations, HasCredentials, OpensOrganizations[TenancyTransaction], Protocol):
    """What organisations are kept in and credentials looked up in."""
