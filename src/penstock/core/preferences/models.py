"""The preferences of a person in one organisation."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

MAX_BYTES = 16_384
"""The maximum size of a person's preferences, as JSON."""
MAX_LISTS = 50
MAX_PINNED = 50


class Theme(StrEnum):
    """The colours of pages. `system` follows the browser."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Density(StrEnum):
    """The height of rows."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has chosen. None means that the browser decides, or the default.

    `lists` are the columns and filters of lists by their name, in a form that only the pages know. `pinned` are ids, in the
    person's order.
    """

    time_zone: str | None = None
    locale: str | None = None
    theme: Theme = Theme.SYSTEM
    density: Density = Density.COMFORTABLE
    start_page: str | None = None
    pinned: tuple[str, ...] = ()
    lists: dict[str, dict[str, object]] = {}


class PreferencesPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change: an UNSET field is unchanged. Of `lists`, those that it names are replaced, and removed by None."""

    time_zone: str | UnsetType | None = UNSET
    locale: str | UnsetType | None = UNSET
    theme: Theme | UnsetType = UNSET
    density: Density | UnsetType = UNSET
    start_page: str | UnsetType | None = UNSET
    pinned: tuple[str, ...] | UnsetType = UNSET
    lists: dict[str, dict[str, object] | None] | UnsetType = UNSET
