"""The nearest known name."""

from __future__ import annotations

from penstock.kit.nearest import suggestion


def test_a_misspelled_name_gets_the_nearest_and_an_unlike_one_none() -> None:
    known = ["http.port", "http.host", "mqtt.port"]
    assert suggestion("http.prot", known) == "; the nearest is http.port"
    assert suggestion("colour", known) == ""
    assert suggestion("PROT", ["PORT", "HOST"], "APP_") == "; the nearest is APP_PORT"
