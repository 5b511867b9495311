"""What the parameters of a list ask for."""

from __future__ import annotations

from typing import Protocol

from penstock.kit.ordering import View


class _Sorted(Protocol):
    @property
    def sort(self) -> str | None: ...


class _Searched(_Sorted, Protocol):
    @property
    def q(self) -> str | None: ...


def view_of(query: _Searched) -> View:
    """The text and the order of a list."""
    return View(text=query.q, sort=query.sort)


def order_of(query: _Sorted) -> View:
    """The order of a list whose text is one of its own filters."""
    return View(sort=query.sort)
