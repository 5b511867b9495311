"""Tests of drawn examples: few in every run, many in long runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy


def drawn_from(*strategies: SearchStrategy[Any], few: int, many: int) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """Make a function of drawn values a test of `few` examples, and of `many` under `prove`."""

    def made(check: Callable[..., None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.prove)])
        def test(examples: int) -> None:
            settings(max_examples=examples)(given(*strategies)(check))()

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return made
