"""The stores of organisations, projects, keys and credentials."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.tenancy.models import ApiKey, KeyStatus, Organization, Project
from penstock.kit.ids import DeviceId, KeyId, OrgId, ProjectId, UserId
from penstock.kit.ordering import After


class OrganizationStore(Protocol):
    """Organisations themselves. With `CredentialStore`, the only store that sees all organisations."""

    async def create(self, organization: Organization) -> None:
        """Add an organisation. The caller has checked in the same transaction that the name is free."""

    async def find(self, org_id: OrgId) -> Organization | None:
        """The organisation with this id."""

    async def find_by_name(self, name: str) -> Organization | None:
        """The organisation with exactly this name."""

    async def update(self, organization: Organization) -> None:
        """Update plan and suspension of an organisation."""

    async def list_due(self, now_us: int) -> list[Organization]:
        """The organisations whose plan has ended, oldest end first."""

    async def list(self) -> list[Organization]:
        """All organisations, oldest first: for workers that process each of them."""

    async def create_owner(self, org_id: OrgId, user_id: UserId, email: str, password_hash: str, now_us: int) -> None:
        """Create a user and their membership as owner. A user who already exists keeps their password."""


class ProjectStore(Protocol):
    """Projects of the transaction's organisation."""

    async def create(self, project: Project) -> None:
        """Add a project.

        Raises:
            ProjectAliasTaken: another project has its alias.
        """

    async def find(self, project_id: ProjectId) -> Project | None:
        """The project with this id."""

    async def find_by_alias(self, alias: str) -> Project | None:
        """The project with this alias."""

    async def find_default(self) -> Project | None:
        """The organisation's default project."""

    async def page(self, limit: int, after: After) -> list[Project]:
        """Projects after a place or an id, by default oldest first."""

    async def list(self) -> list[Project]:
        """All projects, oldest first."""


class KeyStore(Protocol):
    """API keys of the transaction's organisation."""

    async def create(self, key: ApiKey, digest: bytes) -> None:
        """Add a key with the keyed hash of its value."""

    async def find(self, key_id: KeyId) -> ApiKey | None:
        """The key with this id."""

    async def update(self, key: ApiKey) -> None:
        """Update name, ends and successor of a key; its value, scopes and restrictions never change."""

    async def spend(self, key_id: KeyId, address: str, now_us: int) -> bool:
        """Use a single-use key for the first time; False if it was already used."""

    async def count_active(self, now_us: int) -> int:
        """The number of keys that are neither revoked, rotated, expired nor spent."""

    async def list_usable(self, now_us: int) -> list[ApiKey]:
        """Usable keys: active ones, and rotated ones in their overlap."""

    async def list_of_operator(self) -> list[ApiKey]:
        """The keys whose root is the operator, oldest first, including those that ended."""

    async def set_root(self, key_id: KeyId, user_id: UserId) -> None:
        """Make a user the root of a key."""

    async def restrict_to_grants(self, key_id: KeyId) -> bool:
        """Let a key access only what is granted, for ever; False if that is so already."""

    async def touch(self, key_id: KeyId, address: str, now_us: int) -> bool:
        """Record when and from where a key was last used. Returns whether that is its first use of the day (UTC)."""

    async def list(
        self,
        limit: int,
        after: After = None,
        status: KeyStatus | None = None,
        now_us: int = 0,
    ) -> list[ApiKey]:
        """Keys after a place or an id, of all or one status, by default newest first."""


class CredentialStore(Protocol):
    """Finds the owner of a credential: the one place where the organisation is the result, not the filter."""

    async def find_key(self, digest: bytes) -> ApiKey | None:
        """The key whose value has this keyed hash."""

    async def changes(self) -> int:
        """A number that increases with every change of a credential, in whichever process."""

    async def find_device_id(self, digest: bytes) -> tuple[OrgId, DeviceId] | None:
        """The organisation and device whose access token has this keyed hash."""


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
    """The transaction of use cases on projects and keys."""


class TenancySystemTransaction(HasOrganizations, HasCredentials, OpensOrganizations[TenancyTransaction], Protocol):
    """The transaction that stores organisations and finds credentials."""
