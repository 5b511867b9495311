"""All of a long list for one of each kind, and for the others one of it in every run, another for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pytest

from penstock.kit.operation import Operation
from tests.security.table import operations

T = TypeVar("T")

everywhere_later = pytest.mark.parametrize(
    "everywhere", [False, pytest.param(True, marks=pytest.mark.prove)], ids=["by type", "everywhere"]
)
"""All of it for one of each type or class at once, and for everything in the long catalogue."""


def turn_of(operation: Operation) -> int:
    """A number of the operation's own, by which it gets one of several traps."""
    return operations().index(operation)


def one_in_turn(values: Sequence[T], number: int) -> list[T]:
    return [values[number % len(values)]]
