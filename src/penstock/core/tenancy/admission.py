"""Admission of a caller: the actor of the credential, and the organisation that the request names."""

from __future__ import annotations

from typing import Protocol

from penstock.core.actor import OWN_ORGANIZATION, Actor
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.errors import (
    CredentialInvalid,
    CredentialMissing,
    OrganizationMismatch,
    OrganizationRequired,
    OrganizationSuspended,
)
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.ids import OrgId, Prefix, decode


class SessionAuthenticator(Protocol):
    """Authenticates access tokens of signed-in users."""

    async def authenticate(self, token: bytes, address: str) -> Actor:
        """The user of a token.

        Raises:
            CredentialInvalid: the token is forged or expired, or its session has ended.
        """


class FailedCredentials(Protocol):
    """Counts unknown credentials."""

    def record_failed_credential(self, address: str) -> None:
        """Count one failed credential.

        Raises:
            PenstockError: too many were sent from this address.
        """


class Gate:
    """One gate for all surfaces: API keys and access tokens, in any of the three ways to send them."""

    def __init__(
        self,
        keys: KeyAuthenticator,
        plans: PlanCatalogue,
        failed_credentials: FailedCredentials,
        sessions: SessionAuthenticator | None = None,
    ) -> None:
        self._keys = keys
        self._plans = plans
        self._failed_credentials = failed_credentials
        self._sessions = sessions

    async def admit(self, credential: bytes | None, address: str) -> Actor:
        """The actor of a credential that was sent from an address. The caller must `use` it after its own checks.

        Raises:
            CredentialMissing, CredentialInvalid, KeyNotActive, AddressNotAllowed, OrganizationSuspended.
            LimitExceeded: in place of CredentialInvalid, if too many invalid credentials were sent from the address.
        """
        if not credential:
            raise CredentialMissing()
        actor = self._keys.known(credential, address)
        if actor is None:
            actor = await self._authenticate(credential, address)
        await self.check_running(actor.org_id)
        return actor

    async def use(self, actor: Actor, address: str) -> Actor:
        """Let a call in after all checks: it uses up a single-use key. Any other actor is returned unchanged.

        Raises:
            KeyNotActive, AddressNotAllowed: of simultaneous first calls with a single-use key, another was the first.
        """
        return await self._keys.use(actor, address) if actor.is_first_use else actor

    async def _authenticate(self, credential: bytes, address: str) -> Actor:
        try:
            if self._sessions is not None and looks_like_token(credential):
                return await self._sessions.authenticate(credential, address)
            return await self._keys.authenticate(credential, address)
        # Only unknown credentials count as guesses: a caller with the value of an expired or blocked key does not guess.
        except CredentialInvalid:
            self._failed_credentials.record_failed_credential(address)
            raise

    async def check_running(self, org_id: OrgId) -> None:
        """Check that an organisation is not suspended.

        Raises:
            OrganizationSuspended.
        """
        organization = self._plans.known(org_id) or await self._plans.organization(org_id)
        if organization.suspended_us is not None:
            raise OrganizationSuspended()


def looks_like_token(credential: bytes) -> bool:
    """Whether a credential has the form of an access token (a JWT): no key of Penstock or of a vendor contains dots."""
    return credential.startswith(b"eyJ") and credential.count(b".") == 2


def check_organization(actor: Actor, named: list[str], *, required: bool) -> None:
    """Check that every organisation the request names is the caller's.

    Raises:
        OrganizationRequired: the request names none, but one is required.
        OrganizationMismatch: one of them is another organisation, or neither an organisation id nor `own`.
    """
    if not named and required:
        raise OrganizationRequired()
    for text in named:
        if text != OWN_ORGANIZATION and decode(Prefix.ORGANIZATION, text) != actor.org_id:
            raise OrganizationMismatch()
