"""Converts preferences between wire structs and core models."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from penstock.api.v2.preferences import wire
from penstock.core.preferences.models import Density, Preferences, PreferencesPatch, Theme
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted, same_fields


def from_core_preferences(found: Preferences) -> wire.Preferences:
    return wire.Preferences(
        **same_fields(found, wire.Preferences),
        theme=found.theme.value,
        density=found.density.value,
        pinned=list(found.pinned),
    )


def to_core_patch(body: wire.PreferencesPatch) -> PreferencesPatch:
    return PreferencesPatch(
        time_zone=body.time_zone,
        locale=_checked_locale(body.locale),
        theme=converted(body.theme, Theme),
        density=converted(body.density, Density),
        start_page=body.start_page,
        pinned=UNSET if body.pinned is UNSET else tuple(body.pinned),
        lists=body.lists,
    )


def _checked_locale(name: str | UnsetType | None) -> str | UnsetType | None:
    if name is UNSET or name is None:
        return name
    from babel import Locale, UnknownLocaleError  # here, as no server imports it at its start

    try:
        Locale.parse(name, sep="-")
    except (ValueError, TypeError, UnknownLocaleError):
        raise InvalidInput.field("locale", "must be a language tag such as de or de-AT") from None
    return name
