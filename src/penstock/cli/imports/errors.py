"""What ends an import."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ImportFailed(PenstockError):
    """A file cannot be imported as it is, or not all of its readings were accepted."""

    kind, code = Kind.INVALID, "cli.import_failed"
    message = "{path}: {reason}"
