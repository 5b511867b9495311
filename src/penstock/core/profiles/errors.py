"""Errors about device profiles."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ProfileNotFound(PenstockError):
    """The caller's organisation has no device profile with this id."""

    kind, code = Kind.NOT_FOUND, "profiles.not_found"
    message = "profile {profile_id} was not found"


class ProfileInUse(PenstockError):
    """The profile is assigned to devices; assign them another profile, or none, before you delete it."""

    kind, code = Kind.CONFLICT, "profiles.in_use"
    message = "profile {profile_id} is assigned to {count} devices"


class ProfileLimitReached(PenstockError):
    """The organisation has reached its limit of profiles."""

    kind, code = Kind.EXHAUSTED, "profiles.limit_reached"
    message = "an organisation can have at most {limit} profiles"
