"""Errors of tools before an operation is called."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ArgumentInvalid(PenstockError):
    """A tool was called with an argument that it does not have, or without one that it needs."""

    kind, code = Kind.INVALID, "mcp.argument_invalid"
    message = "{reason}"


class OriginRefused(PenstockError):
    """A page of another site called the endpoint for assistants."""

    kind, code = Kind.FORBIDDEN, "mcp.origin_refused"
    message = "pages of this origin cannot call /mcp; allow it with http.cors.origins"


class ResourceUnknown(PenstockError):
    """No resource has this address."""

    kind, code = Kind.NOT_FOUND, "mcp.resource_unknown"
    message = "the resource {uri} was not found"
