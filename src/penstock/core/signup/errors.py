"""Errors of the first set-up."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class AlreadySetUp(PenstockError):
    """The server has an organisation, so it cannot be set up again. Members invite others."""

    kind, code = Kind.NOT_FOUND, "setup.done"
    message = "this server is already set up; sign in, or ask a member for an invitation"
