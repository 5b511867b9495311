"""Letting a caller in: the credential's actor, and the organisation the request names beside it."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.errors import CredentialMissing, OrganizationMismatch, OrganizationRequired
from penstock.kit.ids import Prefix, decode


async def admit(keys: KeyAuthenticator, credential: bytes | None) -> Actor:
    """The actor of an API key.

    Raises:
        CredentialMissing, CredentialInvalid.
    """
    if not credential:
        raise CredentialMissing()
    return keys.known(credential) or await keys.authenticate(credential)


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
