"""Errors about meters, their registers and the edits of their values."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ReplacementOverlaps(PenstockError):
    """The register has a version that begins at this time or later, or none that is valid at this time."""

    kind, code = Kind.CONFLICT, "meters.replacement_overlaps"
    message = "register {register} has no version that is valid at {time} and open-ended"


class EditNotFound(PenstockError):
    """The device has no edit with this id."""

    kind, code = Kind.NOT_FOUND, "meters.edit_not_found"
    message = "edit {edit_id} was not found"


class EditWithdrawn(PenstockError):
    """The edit has already been withdrawn."""

    kind, code = Kind.CONFLICT, "meters.edit_withdrawn"
    message = "edit {edit_id} is already withdrawn"


class ValueEdited(PenstockError):
    """The value at this time already has an edit in effect."""

    kind, code = Kind.CONFLICT, "meters.value_edited"
    message = "the value at {time} has edit {edit_id}; withdraw it first"


class ValueNotFound(PenstockError):
    """The register has no value at this time."""

    kind, code = Kind.NOT_FOUND, "meters.value_not_found"
    message = "register {register} has no value at {time}"


class ValueExists(PenstockError):
    """The register has a value at this time, so that none can be added."""

    kind, code = Kind.CONFLICT, "meters.value_exists"
    message = "register {register} already has a value at {time}; correct it instead"


class TooManyEdits(PenstockError):
    """The device has as many edits in effect as a device can have."""

    kind, code = Kind.CONFLICT, "meters.too_many_edits"
    message = "a device can have at most {limit} edits in effect"
