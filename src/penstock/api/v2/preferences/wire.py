"""Preferences over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Id, Word
from penstock.core.preferences.models import MAX_LISTS, MAX_PINNED, Density, Theme
from penstock.kit.wire_types import one_of

# A path of this server: two slashes at the start would be another host.
StartPage = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=r"^/([A-Za-z0-9_-][A-Za-z0-9_/-]*)?$(?!\n)",
        extra={"form": "a path of this server, such as /devices"},
    ),
]
LocaleName = Annotated[str, Meta(min_length=2, max_length=35)]
ThemeName = Literal["system", "light", "dark", "contrast"]
DensityName = Literal["comfortable", "compact"]


class PreferencesPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of preferences: omitted fields are unchanged; null clears a field.

    Of `lists`, those that are named are replaced, and removed by null.
    """

    time_zone: Word | UnsetType | None = UNSET
    locale: LocaleName | UnsetType | None = UNSET
    theme: ThemeName | UnsetType = UNSET
    density: DensityName | UnsetType = UNSET
    start_page: StartPage | UnsetType | None = UNSET
    pinned: Annotated[list[Id], Meta(max_length=MAX_PINNED)] | UnsetType = UNSET
    lists: Annotated[dict[Word, dict[str, object] | None], Meta(max_length=MAX_LISTS)] | UnsetType = UNSET


class Preferences(Struct, frozen=True):
    """What you have chosen in this organisation. Null means that the browser decides, or the default.

    `time_zone` is of the IANA database, `locale` a language tag (BCP 47) such as `de-AT`. `pinned` are ids of devices and
    dashboards in your order. `lists` are columns and filters by the name of a list, as the console stored them. All together are
    at most 16,384 bytes of JSON.
    """

    time_zone: str | None
    locale: str | None
    theme: Annotated[str, one_of(*Theme)]
    density: Annotated[str, one_of(*Density)]
    start_page: str | None
    pinned: list[str]
    lists: dict[str, dict[str, object]]
