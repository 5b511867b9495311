"""Refusals about organisations, users and keys."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class CredentialMissing(PenstockError):
    """No credential was sent where one is needed."""

    kind, code = Kind.UNAUTHENTICATED, "auth.credential_missing"
    message = "send an API key as X-API-Key or as Authorization: Bearer"


class CredentialInvalid(PenstockError):
    """The credential is unknown, revoked or expired; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "auth.credential_invalid"
    message = "the credential is not known here or no longer valid"


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


class PlanUnknown(PenstockError):
    """The plan catalogue has no such entry."""

    kind, code = Kind.INVALID, "plans.unknown"
    message = "no plan named {plan!r}"
