"""Refusals about bills."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class StatementNotFound(PenstockError):
    """No statement with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "statements.not_found"
    message = "statement {statement_id} not found"
