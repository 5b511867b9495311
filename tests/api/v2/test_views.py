"""What the parameters of a list ask for."""

from __future__ import annotations

from penstock.api.v2.views import order_of, view_of
from penstock.api.v2.wire import NewestFirst
from penstock.kit.ordering import View


def test_a_text_and_an_order_are_asked_for() -> None:
    query = NewestFirst(q="pump", sort="name")
    assert view_of(query) == View(text="pump", sort="name")
    assert order_of(query) == View(sort="name")
