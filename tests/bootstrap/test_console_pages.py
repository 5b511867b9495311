"""The pages of all nouns fit together: no path is given twice, and each page marks an entry of the menu that there is."""

from __future__ import annotations

from collections import Counter

from penstock.api.console.shared.navigation import MENU, ROOT
from penstock.api.console.shared.pages import routes_of
from penstock.bootstrap.console_pages import console_pages
from penstock.kit.clock import SystemClock
from penstock.settings import load_settings


def test_pages_fit_together() -> None:
    pages = console_pages(load_settings(environment={}), SystemClock())
    idle = [type(one).__name__ for one in pages if not list(routes_of(one))]
    assert idle == [], "these have no page"
    routes = [route for one in pages for route in routes_of(one)]
    assert [place for place, count in Counter((one.method, one.path) for one in routes).items() if count > 1] == []
    assert {one.nav for one in routes} <= {item.key for group in MENU for item in group.entries} | {"", "profile"}
    assert {one.path for one in routes if one.public} >= {f"{ROOT}/sign-in"}


def test_the_page_of_parts_is_shown_only_where_it_is_wanted() -> None:
    shown = load_settings(environment={"PENSTOCK_CONSOLE_KIT": "true"})
    more = {type(one).__name__ for one in console_pages(shown, SystemClock())}
    less = {type(one).__name__ for one in console_pages(load_settings(environment={}), SystemClock())}
    assert more - less == {"KitPages"}
