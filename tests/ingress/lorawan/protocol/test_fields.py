"""Fields that may be missing or of another type than promised."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.uplinks.models import Reception
from penstock.ingress.lorawan.protocol import fields
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput

ODD: list[Any] = [None, True, "", "x", 7, 1.5, [], {}, [1], {"a": 1}]


@pytest.mark.parametrize("value", ODD)
def test_whatever_stands_there_is_of_the_promised_type(value: Any) -> None:
    source = {"f": value}
    for read in (fields.text, fields.number, fields.integer, fields.group, fields.rows):
        read(source, "f")
    assert fields.moment((source, "f")).time_us is None
    assert isinstance(fields.group(source, "f"), dict)
    assert all(isinstance(row, dict) for row in fields.rows(source, "f"))
    assert fields.text(source, "f") == ("x" if value == "x" else None)
    assert fields.number(source, "f") == (value if value in (7, 1.5) else None)
    assert fields.moment((source, "missing")) == (None, None)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (7, 7),
        (7.0, 7),
        ("7", 7),
        (7.5, None),
        ("-7", None),
        (-7, -7),
        ("x", None),
        ("9" * 15, 10**15 - 1),
        ("9" * 16, None),
        (2**53, None),
        (True, None),
        ("²", None),
    ],
)
def test_whole_numbers_in_every_spelling(value: object, whole: int | None) -> None:
    assert fields.integer({"f": value}, "f") == whole


def test_a_time_that_cannot_be_read_costs_nothing_else() -> None:
    noon = parse_time("2026-05-02T12:00:00Z")
    assert fields.moment(({"f": "2026-05-02T12:00:00Z"}, "f")) == (noon, None)
    found = fields.moment(({"f": "yesterday"}, "f"))
    assert found.time_us is None
    assert '"yesterday" was sent' in (found.fault or "")
    assert fields.moment(({"f": "yesterday"}, "f"), ({"g": "2026-05-02T12:00:00Z"}, "g")) == (noon, None)
    for nothing in (None, "", "0001-01-01T00:00:00Z"):  # what servers write for a time that they do not know
        assert fields.moment(({"f": nothing}, "f")) == (None, None)


def test_nothing_is_stronger_than_0_dbm() -> None:
    receptions = [fields.Reception("far", -120, 1), fields.Reception("near", 0, 2), fields.Reception("unknown", None, 3)]
    for order in (receptions, receptions[::-1]):
        radio = fields.to_radio(order)
        assert (radio.rssi_dbm, radio.snr_db) == (0, 2)


def test_an_eui_is_there_and_good_or_not_there() -> None:
    assert fields.eui({}, "f") is None
    assert fields.eui({"f": "A84041000181C061"}, "f") == "a84041000181c061"
    for wrong in ("", "a84041000181c06", "g84041000181c061", 7, []):
        with pytest.raises(InvalidInput):
            fields.eui({"f": wrong}, "f")


def test_an_eui_in_base64() -> None:
    assert fields.hex_of_base64("qEBBAAGBwGE=") == "a84041000181c061"
    for wrong in ("qEBBAAGBwA==", "qEBB AAGBwGE=", "x", "Ä"):
        assert fields.hex_of_base64(wrong) is None


def test_plain_values_by_our_names() -> None:
    source = {"a": 1, "b": "x", "c": [1], "d": None}
    assert fields.picked(source, {"a": "one", "b": "two", "c": "three", "d": "four", "e": "five"}) == {"one": 1, "two": "x"}


def test_the_gateway_that_heard_it_best() -> None:
    receptions = [Reception("a", None, 9.0), Reception("b", -90.0, 1.0), Reception("c", -40.0, 2.0)]
    radio = fields.to_radio(receptions, frequency_hz=868_100_000)
    assert (radio.rssi_dbm, radio.snr_db, radio.frequency_hz, radio.gateways) == (-40.0, 2.0, 868_100_000, receptions)
    assert fields.to_radio(receptions[:1]).snr_db == 9.0
    assert fields.to_radio([]).rssi_dbm is None
    assert len(fields.to_radio(receptions * 20).gateways) == fields.MAX_GATEWAYS
