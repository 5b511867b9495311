"""Letting a caller in: the credential's actor, and the organisation the request names beside it."""

from __future__ import annotations

from typing import Protocol

from penstock.core.actor import Actor
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
    """Knows the tokens of people who signed in."""

    async def authenticate(self, token: bytes, address: str) -> Actor:
        """The person of a token.

        Raises:
            CredentialInvalid: it is forged, has run out, or its session was ended.
        """


class Guesses(Protocol):
    """Counts credentials that nobody has."""

    def note_bad_credential(self, address: str) -> None:
        """Count one.

        Raises:
            PenstockError: too many came from this address.
        """


class Gate:
    """One gate for every surface: API keys and people's tokens, in whichever of the three spellings they came."""

    def __init__(
        self,
        keys: KeyAuthenticator,
        plans: PlanCatalogue,
        guesses: Guesses,
        sessions: SessionAuthenticator | None = None,
    ) -> None:
        self._keys = keys
        self._plans = plans
        self._guesses = guesses
        self._sessions = sessions

    async def admit(self, credential: bytes | None, address: str) -> Actor:
        """The actor of a credential that came from an address.

        Raises:
            CredentialMissing, CredentialInvalid, KeyNotActive, AddressNotAllowed, OrganizationSuspended.
            LimitExceeded: instead of CredentialInvalid, when too many such came from the address.
        """
        if not credential:
            raise CredentialMissing()
        actor = self._keys.known(credential, address)
        if actor is None:
            actor = await self._authenticate(credential, address)
        await self.check_running(actor.org_id)
        return actor

    async def _authenticate(self, credential: bytes, address: str) -> Actor:
        try:
            if self._sessions is not None and looks_like_token(credential):
                return await self._sessions.authenticate(credential, address)
            return await self._keys.authenticate(credential, address)
        except CredentialInvalid:
            self._guesses.note_bad_credential(address)
            raise

    async def check_running(self, org_id: OrgId) -> None:
        """Whether an organisation is answered at all.

        Raises:
            OrganizationSuspended.
        """
        organization = self._plans.known(org_id) or await self._plans.organization(org_id)
        if organization.suspended_us is not None:
            raise OrganizationSuspended()


def looks_like_token(credential: bytes) -> bool:
    """Whether a credential is a person's token (a JWT) by its form: no key of ours or of a vendor has dots."""
    return credential.startswith(b"eyJ") and credential.count(b".") == 2


def check_organization(actor: Actor, named: list[str], *, required: bool) -> None:
    """Whether every organisation that the request names is the caller's.

    Raises:
        OrganizationRequired: none is named though one has to be.
        OrganizationMismatch: one of them is another, or no organisation's id at all.
    """
    if not named and required:
        raise OrganizationRequired()
    for text in named:
        if decode(Prefix.ORGANIZATION, text) != actor.org_id:
            raise OrganizationMismatch()
