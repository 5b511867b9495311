"""Errors of documents."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class DocumentFailed(PenstockError):
    """The compiler of documents refused one: a bug of its layout, or a font that is missing."""

    kind, code = Kind.INTERNAL, "documents.failed"
    message = "the document could not be made: {reason}"
