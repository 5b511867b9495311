"""Who may call an operation: credential, organisation and scope, in this order."""

from __future__ import annotations

import msgspec

from penstock.api.shared.decoding import parse_query
from penstock.core.actor import Actor
from penstock.core.tenancy.admission import Gate, check_organization
from penstock.kit.client import ClientAddress
from penstock.kit.http import Scope, credential
from penstock.kit.operation import Operation

_NOBODY = Actor.system(0)


class Admission:
    """Turns requests into actors."""

    def __init__(self, gate: Gate, clients: ClientAddress) -> None:
        self._gate = gate
        self._clients = clients

    async def admit(self, operation: Operation, scope: Scope, *, organization_required: bool) -> Actor:
        """The caller of an operation.

        Raises:
            CredentialMissing, CredentialInvalid, KeyNotActive, AddressNotAllowed, OrganizationSuspended,
            OrganizationRequired, OrganizationMismatch, ScopeMissing.
        """
        address = self._clients.of(scope)
        if operation.scope is None:
            return msgspec.structs.replace(_NOBODY, address=address)
        actor = await self._gate.admit(credential(scope), address)
        check_organization(actor, named_organizations(scope), required=organization_required)
        actor.require(operation.scope)
        return msgspec.structs.replace(actor, address=address)


def named_organizations(scope: Scope) -> list[str]:
    """The organisations that a request names, in the header and in the query."""
    named = [value.decode("latin-1") for key, value in scope["headers"] if key == b"x-organization-id"]
    if b"organizationId" in scope["query_string"]:
        named += [value for key, value in parse_query(scope["query_string"]).items() if key == "organizationId"]
    return named
