"""How DataKubo's keys look."""

from __future__ import annotations

from tests.support.key_styles import check_style


def test_a_new_value_is_known_by_its_look() -> None:
    check_style("datakubo", prefix="dk_live_", length=40, shown=12)
