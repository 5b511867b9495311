"""The rows of a batch of readings: those to store, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from penstock.core.telemetry.models import NewReading
from penstock.kit.errors import FieldError, InvalidInput, PenstockError
from penstock.kit.field_errors import invalid_fields

MAX_ERRORS = 100
"""Errors in the response to a batch of which nothing was stored."""


class RowError(msgspec.Struct, frozen=True):
    """One reason why a row of a batch was rejected; a row can have several. `row` counts from 0."""

    row: int
    code: str
    detail: str
    field: str = ""


class Rows(msgspec.Struct):
    """The rows of a batch: those to store, with their indices, and the errors of the others."""

    accepted: list[NewReading]
    places: list[int]
    errors: list[RowError]

    def reject(self, place: int, faults: Sequence[FieldError]) -> None:
        """Reject a row for everything that is wrong with its fields."""
        self.errors += [RowError(place, InvalidInput.code, one.detail, one.field) for one in faults]

    def refuse(self, place: int, error: PenstockError, others: Sequence[FieldError]) -> None:
        """Reject a row for an error, and for its other invalid fields."""
        if error.errors:
            self.reject(place, error.errors)
        else:
            self.errors.append(RowError(place, error.code, error.detail))
        self.reject(place, others)

    def remove(self, refused: Mapping[int, PenstockError]) -> None:
        """Reject accepted rows, by their positions among them."""
        self.errors += [RowError(self.places[at], error.code, error.detail) for at, error in refused.items()]
        # Rows are reported in their own order, whenever they were rejected.
        self.errors.sort(key=lambda error: error.row)
        self.accepted = [reading for at, reading in enumerate(self.accepted) if at not in refused]
        self.places = [place for at, place in enumerate(self.places) if at not in refused]

    def name(self, key: str) -> set[int]:
        """Derive the dedupe keys of the rows that have none from the request's key and their index. Returns their positions."""
        unnamed = {at for at, new in enumerate(self.accepted) if new.dedupe_key is None}
        self.accepted = [
            msgspec.structs.replace(new, dedupe_key=f"{key}:{self.places[at]}") if at in unnamed else new
            for at, new in enumerate(self.accepted)
        ]
        return unnamed

    def all_refused(self) -> InvalidInput:
        """The error for a batch of which no row is left."""
        return invalid_fields(
            [FieldError(f"[{one.row}].{one.field}".rstrip("."), one.detail, one.code) for one in self.errors[:MAX_ERRORS]]
        )
