"""Preferences between the wire and the core."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from penstock.api.v2.preferences import wire
from penstock.api.v2.preferences.translate import from_core_preferences, to_core_patch
from penstock.core.preferences.models import Preferences, PreferencesPatch, Theme
from penstock.kit.errors import InvalidInput


def test_what_is_omitted_stays_unset() -> None:
    assert to_core_patch(wire.PreferencesPatch()) == PreferencesPatch()
    patch = to_core_patch(wire.PreferencesPatch(theme="dark", locale="pt-BR", pinned=["a"]))
    assert (patch.theme, patch.locale, patch.pinned, patch.lists) == (Theme.DARK, "pt-BR", ("a",), UNSET)
    assert to_core_patch(wire.PreferencesPatch(locale=None)).locale is None


@pytest.mark.parametrize("name", ["zz", "d", "de-XXYY-1", "../de", "de_AT"])
def test_a_locale_is_one_that_exists(name: str) -> None:
    with pytest.raises(InvalidInput):
        to_core_patch(wire.PreferencesPatch(locale=name))


def test_the_default_is_what_the_browser_says() -> None:
    shown = from_core_preferences(Preferences())
    assert (shown.theme, shown.density, shown.time_zone, shown.pinned) == ("system", "comfortable", None, [])
