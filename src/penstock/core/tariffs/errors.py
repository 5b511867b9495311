"""Errors of tariffs."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TariffNotFound(PenstockError):
    """No tariff with this id exists in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "tariffs.not_found"
    message = "tariff {tariff_id} was not found"


class TariffInUse(PenstockError):
    """A tariff that is assigned cannot be deleted."""

    kind, code = Kind.CONFLICT, "tariffs.in_use"
    message = "tariff {tariff_id} is assigned to a customer or resident; assign another one first"


class VersionExists(PenstockError):
    """A version of the tariff already begins on this day."""

    kind, code = Kind.CONFLICT, "tariffs.version_exists"
    message = "a version from {begin} already exists; delete it first, or choose another day"


class TariffVersionNotFound(PenstockError):
    """No version of the tariff begins on this day."""

    kind, code = Kind.NOT_FOUND, "tariffs.version_not_found"
    message = "version {begin} was not found"


class LastVersion(PenstockError):
    """A tariff must have at least one version."""

    kind, code = Kind.CONFLICT, "tariffs.last_version"
    message = "version {begin} is the only one of its tariff; add another one first"
