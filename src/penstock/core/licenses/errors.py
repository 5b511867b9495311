"""Errors about licences."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class LicenseNotFound(PenstockError):
    """The project has no licence with this id."""

    kind, code = Kind.NOT_FOUND, "licenses.not_found"
    message = "license {license_id} was not found"


class LicensePaired(PenstockError):
    """The licence is assigned to a device; only a free licence can be withdrawn."""

    kind, code = Kind.CONFLICT, "licenses.paired"
    message = "license {license_id} is assigned to a device"


class LicenseLimitReached(PenstockError):
    """The project has reached its limit of free licences."""

    kind, code = Kind.EXHAUSTED, "licenses.limit_reached"
    message = "a project can have at most {limit} free licenses"
