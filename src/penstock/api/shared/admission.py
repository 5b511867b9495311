"""Admission to an operation: checks credential, organisation and scope, in this order."""

from __future__ import annotations

import msgspec

from penstock.api.shared.decoding import path_id
from penstock.api.shared.inside import CONSOLE, is_inside
from penstock.core.actor import Actor
from penstock.core.customers.errors import CustomerNotFound
from penstock.core.devices.directory import TOKEN_PREFIX, DeviceDirectory
from penstock.core.limits.models import Limit
from penstock.core.limits.policy import CallLimits
from penstock.core.people.roles import OWN_CUSTOMER, OWN_DEVICES, check_person
from penstock.core.telemetry.chains import CHAIN_FIELD, chain_in_header
from penstock.core.tenancy.admission import Gate, check_organization
from penstock.core.tenancy.errors import CustomerBound, ProjectBound, ResidentBound
from penstock.kit.client import ClientAddress
from penstock.kit.clock import MIN_US
from penstock.kit.decoding import parse_query
from penstock.kit.errors import PenstockError
from penstock.kit.http import Headers, Scope, credential, header
from penstock.kit.ids import OrgId, Prefix, RuleId
from penstock.kit.operation import Operation
from penstock.kit.rate_headers import rate_headers

_DEVICE_TOKEN = TOKEN_PREFIX.encode()
_ANONYMOUS = Actor.system(OrgId(0))


class Admission:
    """Authenticates and authorises requests, and returns their actors."""

    def __init__(self, gate: Gate, clients: ClientAddress, limits: CallLimits, devices: DeviceDirectory) -> None:
        self._gate = gate
        self._devices = devices
        self._clients = clients
        self._limits = limits

    async def admit(
        self, operation: Operation, scope: Scope, limited: Headers, token: bytes | None, *, organization_required: bool
    ) -> Actor:
        """Return the caller of an operation, by the credential of the request.

        Adds headers with the caller's remaining limits to `limited`.

        Raises:
            CredentialMissing, CredentialInvalid, KeyNotActive, AddressNotAllowed, OrganizationSuspended,
            OrganizationRequired, OrganizationMismatch, SessionRequired, ScopeMissing, ProjectBound, ResidentBound,
            CustomerBound, CustomerNotFound, DeviceNotFound, ApiNotInPlan, LimitExceeded.
        """
        address = self._clients.of(scope)
        if operation.scope is None:
            return msgspec.structs.replace(_ANONYMOUS, address=address)
        # The credential first: without a valid one, the caller learns nothing about organisations, scopes or devices.
        actor = await self._gate.admit(token, address)
        left: list[tuple[Limit, int]] = []
        try:
            # Before organisation and scope: calls that are rejected for one of them count against the limits too.
            surface = CONSOLE if is_inside(scope) else operation.surface
            await self._limits.take_into(left, actor, surface, operation.scope)
        finally:
            limited += rate_headers(left)
        check_organization(actor, named_organizations(scope), required=organization_required)
        if operation.session:
            check_person(actor)
        if actor.resident_id is not None:
            actor = await self._bound_by_residence(actor, operation, scope)
        elif actor.customer_id is not None:
            actor = await self._bound_by_customer(actor, operation, scope)
        else:
            actor.require(operation.scope)
        if actor.project_id is not None:
            await self._check_bounds(actor, operation, scope)
        if actor.is_first_use:
            actor = await self._gate.use(actor, address)
        return msgspec.structs.replace(actor, address=address, chain=chain_in(scope))

    async def remaining(self, scope: Scope, surface: str) -> Headers:
        """Headers with the remaining limits of a caller whose request matches no operation; none if the caller is not known.

        Nothing is counted, except an unknown credential.
        """
        token = credential(scope)
        if token is None or token.startswith(_DEVICE_TOKEN):
            return []
        try:
            actor = await self._gate.admit(token, self._clients.of(scope))
            left = await self._limits.peek(actor, surface)
        except PenstockError:
            return []
        return rate_headers((state.limit, state.remaining) for state in left)

    async def _bound_by_residence(self, actor: Actor, operation: Operation, scope: Scope) -> Actor:
        """Restrict a resident to their own account, and to their devices since the assignment, which is read on each call."""
        # Residents have one scope for their devices, and none of the members' scopes such as `telemetry:read`.
        if not operation.of_resident or operation.scope is None:
            raise ResidentBound()
        actor.require(operation.scope if operation.session else OWN_DEVICES)
        device_id = scope["path_params"].get("device_id")
        return actor if device_id is None else await self._devices.bounded(actor, path_id(Prefix.DEVICE, device_id))

    async def _bound_by_customer(self, actor: Actor, operation: Operation, scope: Scope) -> Actor:
        """Restrict a manager to their own account, their customer, and the devices placed there, which is read on each call."""
        if not operation.of_customer or operation.scope is None:
            raise CustomerBound()
        actor.require(operation.scope if operation.session else OWN_CUSTOMER)
        customer_id, device_id = (scope["path_params"].get(name) for name in ("customer_id", "device_id"))
        if customer_id is not None and path_id(Prefix.CUSTOMER, customer_id) != actor.customer_id:
            raise CustomerNotFound(customer_id=customer_id)
        if device_id is not None:
            return await self._devices.bounded(actor, path_id(Prefix.DEVICE, device_id))
        # About the customer as a whole: which device was there when bounds each answer, and no part of the past is hidden.
        return actor if customer_id is None else msgspec.structs.replace(actor, assigned_us=MIN_US)

    async def _check_bounds(self, actor: Actor, operation: Operation, scope: Scope) -> None:
        """Restrict a key to the project that it is bound to. If the path does not show the project, the use case checks it."""
        if not operation.of_project:
            raise ProjectBound()
        device_id = scope["path_params"].get("device_id")
        if device_id is not None:
            await self._devices.reach(actor, path_id(Prefix.DEVICE, device_id))


def chain_in(scope: Scope) -> tuple[RuleId, ...]:
    """The rules that led to a request, if an outgoing call of this server caused it.

    A client that invents one only prevents these rules from running because of its request.
    """
    return chain_in_header(header(scope, CHAIN_FIELD))


def named_organizations(scope: Scope) -> list[str]:
    """The organisations named in a request, in the header and in the query."""
    # Latin-1 decodes any byte, so a malformed header is a mismatch and not an exception.
    named = [value.decode("latin-1") for key, value in scope["headers"] if key == b"x-organization-id"]
    # Clients of a vendor send this query parameter. Searching the bytes first saves parsing the query of every call.
    if b"organizationId" in scope["query_string"]:
        named += [value for key, value in parse_query(scope["query_string"]).items() if key == "organizationId"]
    return named
