"""Where a device was placed, and when. Pure.

A device has a history of periods that do not overlap; in the time between two of them it was not placed. A change holds from
a time on, which can be in the past: what was recorded after it is then replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from penstock.kit.ids import CustomerId, DeviceId, ResidentId

BEGINNING_US = 0
"""The start of a period that has no known one: it includes all readings of the device."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The customer and resident of a device at a time. A resident's customer is always set too."""

    customer_id: CustomerId | None = None
    resident_id: ResidentId | None = None


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A device was at a customer's, and assigned to a resident or to none, in [from_us, to_us); `to_us` None: it still is."""

    device_id: DeviceId
    customer_id: CustomerId
    resident_id: ResidentId | None = None
    from_us: int
    to_us: int | None = None

    @property
    def place(self) -> Place:
        """The customer and resident."""
        return Place(customer_id=self.customer_id, resident_id=self.resident_id)


class Span(msgspec.Struct, frozen=True):
    """A part of time, [from_us, to_us); `to_us` None: it has not ended."""

    from_us: int
    to_us: int | None = None


class PlacedSpans(msgspec.Struct, frozen=True, kw_only=True):
    """A device, and when it was at a customer's or assigned to a resident. `is_former`: it has been deleted since."""

    device_id: DeviceId
    name: str
    eui: str | None
    is_former: bool
    spans: tuple[Span, ...]


def changed(history: Sequence[Period], device_id: DeviceId, place: Place, from_us: int | None, now_us: int) -> list[Period]:
    """The history of a device, oldest first, after it was placed; `from_us` None is the usual time.

    Usually the first customer of a device receives everything that it ever measured; a later one, or a resident, what it measures
    from now on. If the device is at this place already, `from_us` is the correct time of its arrival there, and the place before
    is extended until then.
    """
    current = current_place(history)
    if place == current:
        return list(history) if from_us is None else _moved(history, device_id, place, from_us)
    if from_us is None and not history:
        history = _opened(device_id, Place(customer_id=place.customer_id), BEGINNING_US)
    at_us = now_us if from_us is None else from_us
    return _merged([*_until(history, at_us), *_opened(device_id, place, at_us)])


def current_place(history: Sequence[Period]) -> Place:
    """The customer and resident of the device now."""
    return history[-1].place if history and history[-1].to_us is None else Place()


def place_while(history: Sequence[Period], from_us: int, to_us: int) -> Place:
    """The first customer and resident of the device in a time, both ends included."""
    return next((one.place for one in history if one.from_us <= to_us and (one.to_us is None or one.to_us > from_us)), Place())


def first_difference_us(before: Sequence[Period], after: Sequence[Period]) -> int | None:
    """The earliest time at which two histories differ; None if they are the same."""
    own = {(one.place, edge) for one in before for edge in _edges(one)}
    other = {(one.place, edge) for one in after for edge in _edges(one)}
    return min((edge[0] for _, edge in own ^ other), default=None)


def _edges(one: Period) -> list[tuple[int, bool]]:
    """When a period begins (True) and ends (False)."""
    return [(one.from_us, True)] if one.to_us is None else [(one.from_us, True), (one.to_us, False)]


def spans_of(periods: Iterable[Period]) -> tuple[Span, ...]:
    """The time that periods cover, in order; adjacent ones are one span."""
    spans: list[Span] = []
    for one in sorted(periods, key=lambda period: period.from_us):
        if spans and spans[-1].to_us == one.from_us:
            spans[-1] = Span(spans[-1].from_us, one.to_us)
        else:
            spans.append(Span(one.from_us, one.to_us))
    return tuple(spans)


def _moved(history: Sequence[Period], device_id: DeviceId, place: Place, from_us: int) -> list[Period]:
    """The history if the device came to its current place at another time."""
    if not history or history[-1].to_us is not None:
        return _until(history, from_us)
    *before, current = history
    if before and before[-1].to_us == current.from_us:
        before[-1] = msgspec.structs.replace(before[-1], to_us=None)
    return _merged([*_until(before, from_us), *_opened(device_id, place, from_us)])


def _until(history: Sequence[Period], end_us: int) -> list[Period]:
    return [
        one if one.to_us is not None and one.to_us <= end_us else msgspec.structs.replace(one, to_us=end_us)
        for one in history
        if one.from_us < end_us
    ]


def _opened(device_id: DeviceId, place: Place, from_us: int) -> list[Period]:
    if place.customer_id is None:
        return []
    return [Period(device_id=device_id, customer_id=place.customer_id, resident_id=place.resident_id, from_us=from_us)]


def _merged(history: list[Period]) -> list[Period]:
    """The history with adjacent periods of one place as one."""
    merged: list[Period] = []
    for one in history:
        if merged and (merged[-1].to_us, merged[-1].place) == (one.from_us, one.place):
            merged[-1] = msgspec.structs.replace(merged[-1], to_us=one.to_us)
        else:
            merged.append(one)
    return merged
