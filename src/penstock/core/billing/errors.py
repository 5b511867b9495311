"""Errors about bills."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class StatementNotFound(PenstockError):
    """The caller's organisation has no statement with this id."""

    kind, code = Kind.NOT_FOUND, "statements.not_found"
    message = "statement {statement_id} was not found"
