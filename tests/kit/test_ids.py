"""Ids: one text for each number and one number for each text, in the same order."""

from __future__ import annotations

import re
import threading
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.ids import KINDS, MAX_ID, DeviceId, IdKind, IdSource, Prefix, decode, encode, text_of

NUMBERS = st.integers(0, MAX_ID)
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def written_plainly(number: int) -> str:
    """Base 32 the slow way."""
    digits = ""
    for _ in range(13):
        number, rest = divmod(number, 32)
        digits = DIGITS[rest] + digits
    return digits


@given(NUMBERS, st.sampled_from(KINDS))
def test_an_id_comes_back(number: int, kind: IdKind[Any]) -> None:
    text = encode(kind, number)
    assert text == f"{kind}_{written_plainly(number)}" == text_of(kind, number)
    assert decode(kind, text) == number


def test_every_kind_has_a_word_and_a_type_of_its_own() -> None:
    assert set(KINDS) >= {"org", "prj", "dev", "evt"}
    assert len(set(KINDS)) == len({kind.make for kind in KINDS}) == len(KINDS) == 50


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    id: DeviceId
    others: tuple[DeviceId, ...] = ()
    parent: DeviceId | None = None


def test_structs_hold_typed_ids() -> None:
    held = Holder(id=DeviceId(MAX_ID), others=(DeviceId(1), DeviceId(2)))
    assert msgspec.json.decode(msgspec.json.encode(held), type=Holder) == held
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(held), type=Holder) == held
    with pytest.raises(msgspec.ValidationError, match="int"):
        msgspec.json.decode(b'{"id":"dev_0000000000001"}', type=Holder)


@given(st.lists(NUMBERS, min_size=2))
def test_texts_sort_as_numbers_do(numbers: list[int]) -> None:
    assert [encode(Prefix.DEVICE, number) for number in sorted(numbers)] == sorted(
        encode(Prefix.DEVICE, number) for number in numbers
    )


@given(st.text(max_size=20) | st.text(DIGITS + "ilouILOU_+- \n١", min_size=13, max_size=13).map("dev_{}".format))
def test_a_text_is_an_id_only_as_we_write_it(text: str) -> None:
    """No second spelling: no capitals, no signs, no underscores that `int` would take, no digits of other scripts."""
    number = decode(Prefix.DEVICE, text)
    if number is None:
        assert not re.fullmatch(f"dev_[0-7][{DIGITS}]{{12}}", text)
    else:
        assert encode(Prefix.DEVICE, number) == text


NO_IDS = ["", "dev", "dev_", "dev_0", "dev_00000000000000", "DEV_0000000000000", "dev_ 000000000000", "dev_000000000000 "]
NO_IDS += ["dev_+000000000001", "dev_-000000000001", "dev_0000_00000001", "dev_00000000000_1", "dev-0000000000000"]
NO_IDS += ["dev_000000000000O", "dev_000000000000I", "dev_000000000000l", "dev_000000000000u", "dev_0000000000000\n"]
NO_IDS += ["\ndev_0000000000000", "dev_8000000000000", "dev_zzzzzzzzzzzzz", "prj_0000000000000", "dev__000000000000"]
NO_IDS += ["dev_" + "\N{ARABIC-INDIC DIGIT ZERO}" * 13, "dev_" + "\N{FULLWIDTH DIGIT ZERO}" * 13]


@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_id(text: str) -> None:
    assert decode(Prefix.DEVICE, text) is None


@pytest.mark.parametrize("number", [-1, MAX_ID + 1, 2**64])
def test_a_number_out_of_bounds_has_no_text(number: int) -> None:
    with pytest.raises(ValueError, match="63 bits"):
        encode(Prefix.DEVICE, number)


def test_ids_follow_the_clock_and_never_repeat() -> None:
    now_us = 1_777_713_304_000_000
    source = IdSource(lambda: now_us)
    first = [source.number() for _ in range(10_000)]
    assert first == sorted(set(first))
    now_us += 60_000_000
    later = source.next(DeviceId)
    assert later > first[-1]
    now_us -= 3_600_000_000
    assert source.number() == later + 1, "a clock that goes back does not bring ids back"


def test_ids_of_two_sources_differ() -> None:
    sources = [IdSource(lambda: 1_777_713_304_000_000) for _ in range(20)]
    assert len({source.number() for source in sources}) >= 19


def test_a_clock_before_the_epoch_still_makes_ids() -> None:
    source = IdSource(lambda: 0)
    assert 0 < source.number() < source.number() <= MAX_ID


def test_the_year_2090_still_fits() -> None:
    assert IdSource(lambda: 3_800_000_000_000_000).number() <= MAX_ID


def test_threads_get_different_ids_each_in_order() -> None:
    source = IdSource(lambda: 1_777_713_304_000_000)
    found: list[list[int]] = [[] for _ in range(8)]

    def take(into: list[int]) -> None:
        into.extend(source.number() for _ in range(5_000))

    threads = [threading.Thread(target=take, args=(into,)) for into in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(part == sorted(part) for part in found)
    assert len({number for part in found for number in part}) == 40_000
