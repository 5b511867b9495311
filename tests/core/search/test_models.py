"""How well a name fits, and which ids begin with a text."""

from __future__ import annotations

import pytest

from penstock.core.search.models import Rank, id_range, rank_of
from penstock.kit.ids import DeviceId, Prefix, encode


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("Pump", Rank.EXACT),
        ("pump 2", Rank.PREFIX),
        ("North pump", Rank.WORD),
        ("north-PUMP", Rank.WORD),
        ("Heatpump", Rank.REST),
        ("Room", Rank.REST),
    ],
)
def test_the_best_fit_is_first(name: str, rank: Rank) -> None:
    assert rank_of(name, "pump") is rank


def test_a_text_is_no_pattern() -> None:
    assert rank_of("a.c", "a.c") is Rank.EXACT
    assert rank_of("x abc", "a.c") is Rank.REST
    assert rank_of("x (a", "(a") is Rank.REST


def test_ids_begin_with_a_text() -> None:
    whole = encode(Prefix.DEVICE, DeviceId(123_456_789))
    assert id_range(Prefix.DEVICE, whole) == (123_456_789, 123_456_789)
    low, high = id_range(Prefix.DEVICE, whole[:-3].upper()) or (0, 0)
    assert low <= 123_456_789 <= high
    assert high - low == 32**3 - 1
    assert id_range(Prefix.DEVICE, "dev_7z") is not None


@pytest.mark.parametrize("text", ["dev_", "dev", "rul_0c2k", "dev_u", "dev_0c2k9fq7w3m1x0", "dev_é", "Pump", "", "dev_zz"])
def test_other_texts_begin_no_id(text: str) -> None:
    assert id_range(Prefix.DEVICE, text) is None
