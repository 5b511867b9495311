"""Errors about re-decodes."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class RedecodeNotFound(PenstockError):
    """The caller's organisation has no re-decode with this id."""

    kind, code = Kind.NOT_FOUND, "redecodes.not_found"
    message = "re-decode {redecode_id} was not found"


class RedecodeOverlaps(PenstockError):
    """A re-decode that has not ended concerns some of the same uplinks; wait for it, or cancel it."""

    kind, code = Kind.CONFLICT, "redecodes.overlap"
    message = "re-decode {redecode_id} already concerns some of these uplinks; wait for it or cancel it"


class TooManyRedecodes(PenstockError):
    """The organisation has reached the limit of re-decodes that have not ended."""

    kind, code = Kind.EXHAUSTED, "redecodes.too_many"
    message = "at most {limit} re-decodes can be queued or running; wait for one or cancel one"
