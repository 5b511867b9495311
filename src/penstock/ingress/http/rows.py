"""The rows of a batch of readings: those to store, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from penstock.core.telemetry.elements import key_of
from penstock.core.telemetry.models import NewReading
from penstock.ingress.http.batch import Place
from penstock.kit.errors import FieldError, InvalidInput, PenstockError
from penstock.kit.field_errors import invalid_fields

_OF_ROW = frozenset({"device_id", "device"})
MAX_ERRORS = 100
"""Errors in the response to a batch of which nothing was stored."""


class RowError(msgspec.Struct, frozen=True):
    """One reason why a row of a batch was rejected; a row can have several. `row` counts from 0.

    An array of readings as `data` counts as a row for each of them, and `field` names the element, as in `data[3].time`.
    """

    row: int
    code: str
    detail: str
    field: str = ""


class Rows(msgspec.Struct):
    """The rows of a batch: those to store, with their indices, and the errors of the others.

    `names` are where the rows were, if some of them were the elements of an array inside a row.
    """

    accepted: list[NewReading]
    places: list[int]
    errors: list[RowError]
    names: Sequence[Place] = ()

    def reject(self, place: int, faults: Sequence[FieldError]) -> None:
        """Reject a row for everything that is wrong with its fields."""
        self.errors += [RowError(place, InvalidInput.code, one.detail, self._field(place, one.field)) for one in faults]

    def refuse(self, place: int, error: PenstockError, others: Sequence[FieldError]) -> None:
        """Reject a row for an error, and for its other invalid fields."""
        if error.errors:
            self.reject(place, error.errors)
        else:
            self.errors.append(RowError(place, error.code, error.detail, self._field(place, "")))
        self.reject(place, others)

    def remove(self, refused: Mapping[int, PenstockError]) -> None:
        """Reject accepted rows, by their positions among them."""
        self.errors += [
            RowError(self.places[at], error.code, error.detail, self._field(self.places[at], "")) for at, error in refused.items()
        ]
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

    def name_elements(self) -> None:
        """Derive the dedupe keys of the elements of arrays that have a time of their own and no key from their content."""
        self.accepted = [
            msgspec.structs.replace(new, dedupe_key=key_of(new.time_us, new.kind, new.channel, new.payload))
            if new.dedupe_key is None and new.time_us is not None and self.names[place].has_time
            else new
            for place, new in zip(self.places, self.accepted, strict=True)
        ]

    def all_refused(self) -> InvalidInput:
        """The error for a batch of which no row is left."""
        return invalid_fields(
            [FieldError(f"{self._row(one.row)}.{one.field}".strip("."), one.detail, one.code) for one in self.errors[:MAX_ERRORS]]
        )

    def _field(self, place: int, field: str) -> str:
        """The name of a field in its row."""
        # The device is that of the whole row.
        inside = self.names[place].inside if self.names and field not in _OF_ROW else ""
        return f"{inside}.{field}".strip(".")

    def _row(self, place: int) -> str:
        row = self.names[place].row if self.names else place
        return "" if row is None else f"[{row}]"
