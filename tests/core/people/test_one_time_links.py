"""Links of the operator: each works once, for one purpose."""

from __future__ import annotations

import pytest

from penstock.core.people import one_time_links
from penstock.core.people.errors import LinkInvalid
from penstock.core.people.one_time_links import OneTimeLinks, Purpose
from tests.support.forgery import one_character_off


def test_a_link_works_once_and_for_its_purpose() -> None:
    links = OneTimeLinks()
    token = links.issue(Purpose.SIGN_IN, "ada@example.org")
    with pytest.raises(LinkInvalid):
        links.take(Purpose.SETUP, token)
    assert links.check(Purpose.SIGN_IN, token) == links.take(Purpose.SIGN_IN, token) == "ada@example.org"
    for spent in (token, one_character_off(token), "", "pol_ß"):
        with pytest.raises(LinkInvalid):
            links.take(Purpose.SIGN_IN, spent)


def test_links_for_a_purpose_end_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_time_links, "MAX_LINKS", 3)
    links = OneTimeLinks()
    first, *others = [links.issue(Purpose.SETUP) for _ in range(3)]
    kept = links.issue(Purpose.SIGN_IN, "x@example.org")
    with pytest.raises(LinkInvalid):
        links.check(Purpose.SETUP, first)
    links.end(Purpose.SETUP)
    for token in others:
        with pytest.raises(LinkInvalid):
            links.check(Purpose.SETUP, token)
    assert links.check(Purpose.SIGN_IN, kept) == "x@example.org"
    assert kept not in repr(vars(links))
