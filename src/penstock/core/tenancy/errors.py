"""Errors about credentials, organisations, projects and keys."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class CredentialMissing(PenstockError):
    """The request has no credential, and one is required."""

    kind, code = Kind.UNAUTHENTICATED, "auth.credential_missing"
    message = "a credential is required; send an API key as X-API-Key or Authorization: Bearer"


class CredentialInvalid(PenstockError):
    """The credential is not valid on this server."""

    kind, code = Kind.UNAUTHENTICATED, "auth.credential_invalid"
    message = "the credential is not valid"


class KeyNotActive(PenstockError):
    """The API key was revoked, rotated or spent, has expired, or is suspended with the user who answers for it.

    Revealed only to a caller that has its whole value.
    """

    kind, code = Kind.UNAUTHENTICATED, "auth.key_not_active"
    message = "the key is {status}"


class AddressNotAllowed(PenstockError):
    """The API key is valid but must not be used from this address.

    It is restricted to networks, or bound to the address that first used it.
    """

    kind, code = Kind.FORBIDDEN, "auth.address_not_allowed"
    message = "the key must not be used from this address"


class ResidentBound(PenstockError):
    """Residents can access only their own account and the devices assigned to them."""

    kind, code = Kind.FORBIDDEN, "auth.resident_bound"
    message = "residents can access only the devices assigned to them"


class CustomerBound(PenstockError):
    """Managers of a customer can access only their own account, their customer and the devices placed there."""

    kind, code = Kind.FORBIDDEN, "auth.customer_bound"
    message = "managers of a customer can access only their customer"


class ProjectBound(PenstockError):
    """The API key is bound to a project, and the call concerns the whole organisation."""

    kind, code = Kind.FORBIDDEN, "auth.project_bound"
    message = "the key is bound to a project and must not be used for the whole organisation"


class OrganizationSuspended(PenstockError):
    """The operator suspended the organisation. Its data is kept, and its calls are rejected."""

    kind, code = Kind.FORBIDDEN, "organizations.suspended"
    message = "the organisation is suspended"


class KeyNotFound(PenstockError):
    """The caller's organisation has no API key with this id."""

    kind, code = Kind.NOT_FOUND, "keys.not_found"
    message = "key {key_id} was not found"


class KeyEnded(PenstockError):
    """The API key is no longer active, so it cannot be rotated."""

    kind, code = Kind.CONFLICT, "keys.ended"
    message = "the key is {status}; create a new one"


class KeyLimitReached(PenstockError):
    """The organisation has reached its plan's limit of active API keys."""

    kind, code = Kind.EXHAUSTED, "keys.limit_reached"
    message = "the plan allows at most {count} active keys"
    shown = ("limit", "scope", "count", "remaining")


class ScopeNotYours(PenstockError):
    """You can grant only scopes that you have."""

    kind, code = Kind.FORBIDDEN, "keys.scope_not_yours"
    message = "scope {scope} cannot be granted; you do not have it"


class RestrictionNotYours(PenstockError):
    """A restricted key can create and rotate only keys that are restricted at least as much."""

    kind, code = Kind.FORBIDDEN, "keys.restriction_not_yours"
    message = "{field} must be {allowed}, because the calling key is restricted to that"


class KeyRestricted(PenstockError):
    """Members cannot carry the restrictions of a key, so a restricted key can neither invite them nor change their roles."""

    kind, code = Kind.FORBIDDEN, "keys.restricted"
    message = "the calling key is restricted by {field}, and members are not; use a key without restrictions, or sign in"


class OrganizationRequired(PenstockError):
    """The native API requires the organisation in each request."""

    kind, code = Kind.INVALID, "auth.organization_required"
    message = "the organisation is required; send X-Organization-Id or organizationId"


class OrganizationMismatch(PenstockError):
    """The named organisation is not the one the key belongs to, or the request names two different ones."""

    kind, code = Kind.FORBIDDEN, "auth.organization_mismatch"
    message = "the key does not belong to the organisation named in the request"


class OrganizationExists(PenstockError):
    """An organisation with this name already exists."""

    kind, code = Kind.CONFLICT, "organizations.exists"
    message = "organisation {name} already exists"


class OrganizationNotFound(PenstockError):
    """No organisation with this name or id exists."""

    kind, code = Kind.NOT_FOUND, "organizations.not_found"
    message = "organisation {name} was not found"


class ProjectNotFound(PenstockError):
    """The caller's organisation has no project with this id."""

    kind, code = Kind.NOT_FOUND, "projects.not_found"
    message = "project {project_id} was not found"


class ProjectAliasTaken(PenstockError):
    """Another project of the organisation has this alias."""

    kind, code = Kind.CONFLICT, "projects.alias_taken"
    message = "alias {alias} already exists"


class PlanUnknown(PenstockError):
    """The plan catalogue has no plan with this name."""

    kind, code = Kind.INVALID, "plans.unknown"
    message = "plan {plan} was not found"


class GrantedTopics(PenstockError):
    """A caller that reaches only what is granted to it cannot receive events about all numbers, aliases or tokens."""

    kind, code = Kind.FORBIDDEN, "auth.granted_topics"
    message = "you reach only what is granted to you, and {topic} is about more"
