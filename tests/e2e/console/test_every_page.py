"""Every page in a real browser: no error in its scripts, no request that fails, nothing that its policy forbids, no barrier."""

from __future__ import annotations

import itertools

import pytest

from tests.e2e.console.conftest import NewTab
from tests.security.console import browser_for, template_of, walk
from tests.security.holding import Holding
from tests.support.chromium import THEMES, WIDTHS
from tests.support.in_process import InProcessServer

LOOKS = list(itertools.product(WIDTHS, THEMES))
IN_GATE = 14
"""How many pages are looked at in each run, spread over all; `make prove` looks at all of them in each look."""

FAULTS = """() => {
    console.error("planted");
    document.body.insertAdjacentHTML("beforeend", "<img src='/console/nowhere.png' onerror='alert(1)'><button></button>");
}"""


@pytest.fixture(scope="module")
def paths(in_process: InProcessServer, shop: Holding) -> list[str]:
    """A path of each page that the owner can reach."""
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
        found += [f"{path} {look}: {fault}" for fault in tab.faults + tab.judge() + _overflow(tab.page)]
    return found


def _overflow(page: object) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")  # type: ignore[attr-defined]
    return [f"is {wide} px wider than the window"] if wide > 1 else []


def test_pages_are_sound(new_tab: NewTab, shop: Holding, paths: list[str]) -> None:
    chosen = paths[:: max(1, len(paths) // IN_GATE)]
    assert len(chosen) >= IN_GATE
    found = []
    for number, look in enumerate(LOOKS):
        found += faults_of(new_tab, shop, chosen[number :: len(LOOKS)], look)
    assert not found, "\n".join(found)


@pytest.mark.prove
@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_all_pages_are_sound(look: tuple[str, str], new_tab: NewTab, shop: Holding, paths: list[str]) -> None:
    found = faults_of(new_tab, shop, paths, look)
    assert not found, "\n".join(found)


def test_a_page_that_is_not_sound_is_found(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("/console/sign-in")
    with tab.page.expect_response(lambda response: "nowhere" in response.url):
        tab.page.evaluate(FAULTS)
    assert any("planted" in fault for fault in tab.faults)
    assert any("404" in fault for fault in tab.faults)
    assert any("Content Security Policy" in fault for fault in tab.faults)
    assert any("button-name" in fault for fault in tab.judge())
