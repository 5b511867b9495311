"""Gzip bodies, piece by piece: whole, in several members, cut off, with more after them, and bombs."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from penstock.kit.errors import InvalidInput
from penstock.kit.inflate import BodyTooLarge, Inflater

ZIPPED = gzip.compress(b"content", mtime=0)


def inflated(body: bytes, limit: int = 100) -> bytes:
    inflater = Inflater(limit)
    found = b"".join(inflater.feed(body[at : at + 1]) for at in range(len(body)))
    inflater.end()
    return found


def test_members_follow_one_another() -> None:
    assert inflated(ZIPPED) == b"content"
    assert inflated(ZIPPED + gzip.compress(b"") + gzip.compress(b", and more")) == b"content, and more"


@pytest.mark.parametrize("body", [ZIPPED[:-1], ZIPPED + b"x", b"{}", ZIPPED[:-8] + bytes(8), ZIPPED + ZIPPED[:5]], ids=range(5))
def test_what_is_not_whole_gzip_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="gzip"):
        inflated(body)


@pytest.mark.parametrize(("limit", "good"), [(7, True), (6, False)])
def test_the_limit_counts_over_all_members(limit: int, good: bool) -> None:
    body = gzip.compress(b"cont") + gzip.compress(b"ent")
    if good:
        assert inflated(body, limit) == b"content"
        return
    with pytest.raises(BodyTooLarge):
        inflated(body, limit)


def test_a_bomb_costs_no_more_than_the_limit() -> None:
    bomb = gzip.compress(bytes(100_000_000))
    tracemalloc.start()
    with pytest.raises(BodyTooLarge):
        Inflater(1_000_000).feed(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
