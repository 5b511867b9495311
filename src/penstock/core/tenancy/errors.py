"""Refusals about organisations, users and keys."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class CredentialMissing(PenstockError):
    """No credential was sent where one is needed."""

    kind, code = Kind.UNAUTHENTICATED, "auth.credential_missing"
    message = "send an API key as X-API-Key or as Authorization: Bearer"


class CredentialInvalid(PenstockError):
    """The credential is not known here."""

    kind, code = Kind.UNAUTHENTICATED, "auth.credential_invalid"
    message = "the credential is not known here or no longer valid"


class KeyNotActive(PenstockError):
    """The API key was known but is revoked, rotated, expired or spent. Told only to whoever holds its whole value."""

    kind, code = Kind.UNAUTHENTICATED, "auth.key_not_active"
    message = "the key is {status}"


class AddressNotAllowed(PenstockError):
    """The API key is good but not from this address: it is limited to networks, or bound to the address that first used it."""

    kind, code = Kind.FORBIDDEN, "auth.address_not_allowed"
    message = "the key may not be used from this address"


class ResidentBound(PenstockError):
    """Residents see themselves and the devices assigned to them."""

    kind, code = Kind.FORBIDDEN, "auth.resident_bound"
    message = "residents see the devices assigned to them and nothing else"


class ProjectBound(PenstockError):
    """The API key is bound to a project, and this is about the organisation as a whole."""

    kind, code = Kind.FORBIDDEN, "auth.project_bound"
    message = "the key is bound to a project and cannot be used for this"


class OrganizationSuspended(PenstockError):
    """The organisation was suspended by the operator; everything is kept, nothing is answered."""

    kind, code = Kind.FORBIDDEN, "organizations.suspended"
    message = "the organisation is suspended"


class KeyNotFound(PenstockError):
    """No API key with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "keys.not_found"
    message = "key {key_id} not found"


class KeyEnded(PenstockError):
    """The API key is no longer active, so it cannot be rotated."""

    kind, code = Kind.CONFLICT, "keys.ended"
    message = "the key is {status}: make a new one"


class KeyLimitReached(PenstockError):
    """The plan allows no more active API keys."""

    kind, code = Kind.EXHAUSTED, "keys.limit_reached"
    message = "the plan allows {count} active keys"
    shown = ("limit", "scope", "count", "remaining")


class ScopeNotYours(PenstockError):
    """A key can be given only scopes that whoever makes it has."""

    kind, code = Kind.FORBIDDEN, "keys.scope_not_yours"
    message = "you cannot grant {scope}, as you do not have it"


class OrganizationRequired(PenstockError):
    """The native API needs to be told which organisation is meant."""

    kind, code = Kind.INVALID, "auth.organization_required"
    message = "send the organisation as X-Organization-Id or organizationId"


class OrganizationMismatch(PenstockError):
    """The organisation named is not the one the key belongs to, or two names differ."""

    kind, code = Kind.FORBIDDEN, "auth.organization_mismatch"
    message = "the key does not belong to the organisation named in the request"


class OrganizationExists(PenstockError):
    """An organisation of this name is there already."""

    kind, code = Kind.CONFLICT, "organizations.exists"
    message = "organisation {name!r} exists already"


class OrganizationNotFound(PenstockError):
    """No organisation of this name or id."""

    kind, code = Kind.NOT_FOUND, "organizations.not_found"
    message = "organisation {name!r} not found"


class ProjectNotFound(PenstockError):
    """No project with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "projects.not_found"
    message = "project {project_id} not found"


class ProjectAliasTaken(PenstockError):
    """Another project of the organisation has this alias."""

    kind, code = Kind.CONFLICT, "projects.alias_taken"
    message = "another project has the alias {alias}"


class PlanUnknown(PenstockError):
    """The plan catalogue has no such entry."""

    kind, code = Kind.INVALID, "plans.unknown"
    message = "no plan named {plan!r}"
