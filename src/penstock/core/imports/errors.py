"""Errors about imports."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ImportNotFound(PenstockError):
    """The caller's organisation has no import with this id."""

    kind, code = Kind.NOT_FOUND, "imports.not_found"
    message = "import {import_id} was not found"


class TooManyImports(PenstockError):
    """The organisation has reached the limit of imports that have not ended."""

    kind, code = Kind.EXHAUSTED, "imports.too_many"
    message = "at most {limit} imports can be queued or running; wait for one or cancel one"
