"""How SiliconWit's keys look."""

from __future__ import annotations

from tests.support.key_styles import check_style


def test_a_new_value_is_known_by_its_look() -> None:
    check_style("siliconwit", prefix="swk_", length=28, shown=8)
