"""Refusals about device profiles."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ProfileNotFound(PenstockError):
    """No device profile with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "profiles.not_found"
    message = "profile {profile_id} not found"


class ProfileInUse(PenstockError):
    """Devices have the profile: it cannot be deleted before they have another, or none."""

    kind, code = Kind.CONFLICT, "profiles.in_use"
    message = "the profile {profile_id} is in use; devices that have it: {count}"


class ProfileLimitReached(PenstockError):
    """An organisation has as many profiles as it may have."""

    kind, code = Kind.EXHAUSTED, "profiles.limit_reached"
    message = "an organisation has at most {limit} profiles"
