"""Refusals about licences."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class LicenseNotFound(PenstockError):
    """The project has no licence with this id."""

    kind, code = Kind.NOT_FOUND, "licenses.not_found"
    message = "license {license_id} not found"


class LicensePaired(PenstockError):
    """A device has the licence: only a free one can be withdrawn."""

    kind, code = Kind.CONFLICT, "licenses.paired"
    message = "a device has the license {license_id}"


class LicenseLimitReached(PenstockError):
    """A project has as many free licences as it may have."""

    kind, code = Kind.EXHAUSTED, "licenses.limit_reached"
    message = "a project has at most {limit} free licenses"
