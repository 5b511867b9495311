"""What is built later is built once."""

from __future__ import annotations

import asyncio

import pytest

from penstock.api.shared.later import Later


async def test_it_is_built_once_however_many_wait_and_again_after_a_failure() -> None:
    built = 0

    def build() -> str:
        nonlocal built
        built += 1
        if built == 1:
            raise OSError("once")
        return "made"

    later = Later(build)
    with pytest.raises(OSError, match="once"):
        await later.get()
    assert await asyncio.gather(*(later.get() for _ in range(5))) == ["made"] * 5
    assert built == 2


async def test_who_leaves_does_not_end_it_for_the_others() -> None:
    later = Later(lambda: "made")
    leaving = asyncio.ensure_future(later.get())
    await asyncio.sleep(0)
    leaving.cancel()
    assert await later.get() == "made"
