"""Errors about uplinks."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TooManyUnregistered(PenstockError):
    """The limit of unregistered devices is reached; register or remove some."""

    kind, code = Kind.EXHAUSTED, "uplinks.too_many_unregistered"
    message = "the limit of {count} unregistered devices is reached; register or remove some"


class UnregisteredNotFound(PenstockError):
    """The caller's organisation has no unregistered device with this EUI."""

    kind, code = Kind.NOT_FOUND, "uplinks.unregistered_not_found"
    message = "unregistered device {eui} was not found"


class CodecsBusy(PenstockError):
    """Too many payloads are waiting to be decoded."""

    kind, code = Kind.UNAVAILABLE, "codecs.busy"
    message = "too many payloads are waiting to be decoded; retry later"
