"""Refusals about uplinks."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TooManyUnregistered(PenstockError):
    """As many unregistered devices as are kept have reported; register or remove some."""

    kind, code = Kind.EXHAUSTED, "uplinks.too_many_unregistered"
    message = "{count} unregistered devices have reported, and no more are kept"


class UnregisteredNotFound(PenstockError):
    """No device with this EUI has reported that is not registered, in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "uplinks.unregistered_not_found"
    message = "no unregistered device {eui}"


class CodecsBusy(PenstockError):
    """Too many payloads wait for their codecs."""

    kind, code = Kind.UNAVAILABLE, "codecs.busy"
    message = "too many payloads wait for their codecs; try again in a moment"
