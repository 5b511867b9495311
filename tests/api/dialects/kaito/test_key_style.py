"""How Kaito's keys look."""

from __future__ import annotations

from tests.support.key_styles import check_style


def test_a_new_value_is_known_by_its_look() -> None:
    check_style("kaito", prefix="kto_live_", length=41, shown=13)
