"""Every page in a real browser: no error in its scripts, no request that fails, nothing that its policy forbids, no barrier,
nothing beyond the edge of the window. The organisation's texts are hostile."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.console.conftest import NewTab
from tests.security.console import browser_for, template_of, walk
from tests.security.holding import Holding
from tests.support.chromium import THEMES, WIDTHS
from tests.support.in_process import InProcessServer

DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Charts follow the width of the window in the next frame."""
WINDOWS = (390, 768, 1024, 1440)
"""Widths at which no page is wider than the window."""
LOOKS = list(itertools.product(WIDTHS, THEMES))
IN_GATE = 14
"""How many pages are looked at in each run, spread over all; `make prove` looks at all of them in each look."""

WIDE = """() => {
    if (document.scrollingElement.scrollWidth <= innerWidth) return "";
    const beyond = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5);
    return [...beyond.slice(0, 3), ...beyond.slice(-2)].map((one) => one.cloneNode().outerHTML.slice(0, 120)).join(" ");
}"""
"""The first and last elements that reach beyond the window of a page that is too wide."""

FAULTS = """() => {
    console.error("planted");
    document.body.insertAdjacentHTML("beforeend", "<img src='/console/nowhere.png' onerror='alert(1)'><button></button>");
}"""


Paths = Callable[[Holding], list[str]]


@pytest.fixture(scope="module")
def paths_of(in_process: InProcessServer) -> Paths:
    """Tells a path of each page that the owner of an organisation can reach."""
    known: dict[str, list[str]] = {}

    def tell(shop: Holding) -> list[str]:
        key = shop.org.organization_id
        known[key] = known.get(key) or _paths(in_process, shop)
        return known[key]

    return tell


def _paths(in_process: InProcessServer, shop: Holding) -> list[str]:
    pages = walk(browser_for(in_process, shop.person)).pages
    opened = {template_of(one.path.partition("?")[0]): one.path for one in pages if one.answer.status_code == 200}
    return list(opened.values())


def faults_of(new_tab: NewTab, shop: Holding, paths: list[str], look: tuple[str, str]) -> list[str]:
    """What is wrong with these pages in a look."""
    tab = new_tab(shop.org, width=look[0], theme=look[1])
    found = []
    for path in paths:
        tab.faults.clear()
        tab.open(path)
        faults = tab.faults + tab.judge() + _overflow(tab.page) + _texts_that_are_more(tab.page)
        found += [f"{path} {look}: {fault}" for fault in faults]
    return found


def _overflow(page: Any) -> list[str]:
    found, size = [], page.viewport_size
    for width in WINDOWS:
        page.set_viewport_size(size | {"width": width})
        page.evaluate(DRAWN)
        wide = page.evaluate(WIDE)
        found += [f"is wider than a window of {width} px: {wide}"] if wide else []
    page.set_viewport_size(size)
    return found


def _texts_that_are_more(page: Any) -> list[str]:
    """Elements that came from a text."""
    found: int = page.evaluate("document.querySelectorAll('img[src=x], [onerror], [onload], a[href^=\"javascript:\" i]').length")
    return [f"has {found} elements that came from a text"] if found else []


def test_pages_are_sound(new_tab: NewTab, shop: Holding, paths_of: Paths) -> None:
    paths = paths_of(shop)
    chosen = paths[:: max(1, len(paths) // IN_GATE)]
    assert len(chosen) >= IN_GATE
    found = []
    for number, look in enumerate(LOOKS):
        found += faults_of(new_tab, shop, chosen[number :: len(LOOKS)], look)
    assert not found, "\n".join(found)


@pytest.mark.prove
@pytest.mark.parametrize("look", LOOKS, ids="-".join)
@pytest.mark.parametrize("kind", ["shop", "plain_shop"])
def test_all_pages_are_sound(
    kind: str, look: tuple[str, str], new_tab: NewTab, paths_of: Paths, request: pytest.FixtureRequest
) -> None:
    shop = request.getfixturevalue(kind)
    found = faults_of(new_tab, shop, paths_of(shop), look)
    assert not found, "\n".join(found)


def test_a_page_that_is_not_sound_is_found(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("/console/sign-in")
    with (
        tab.page.expect_response(lambda response: "nowhere" in response.url),
        tab.page.expect_console_message(lambda message: "Content Security Policy" in message.text),
    ):
        tab.page.evaluate(FAULTS)
    assert any("planted" in fault for fault in tab.faults)
    assert any("404" in fault for fault in tab.faults)
    assert any("Content Security Policy" in fault for fault in tab.faults)
    assert any("button-name" in fault for fault in tab.judge())
