"""A browser for the tests of a file, and one organisation with something on every page.

Playwright keeps an event loop in the thread for as long as it is open, so that no asynchronous test of another file could run.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.security.holding import Holding, make_holding
from tests.security.hostility import HOSTILE, WORSE, make_hostile
from tests.security.people import Registry
from tests.support.chromium import Tab, chromium, require_chromium
from tests.support.in_process import InProcessServer
from tests.support.server import Org

NewTab = Callable[..., Tab]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def shop(in_process: InProcessServer) -> Holding:
    """An organisation that holds some of everything, with hostile texts wherever the API takes them."""
    return _made(in_process, "shop", WORSE, HOSTILE)


@pytest.fixture(scope="session")
def plain_shop(in_process: InProcessServer) -> Holding:
    """The same with texts as people write them."""
    return _made(in_process, "plain")


def _made(in_process: InProcessServer, name: str, *texts: str) -> Holding:
    require_chromium()  # it is not made where there is no browser
    with in_process.client() as client:
        made = make_holding(client, in_process.new_org(), name)
        if texts:
            make_hostile(client, made, *texts)
    in_process.store_notes()
    return made


@pytest.fixture
def new_tab(browser: Any, in_process: InProcessServer) -> Iterator[NewTab]:
    """A function that opens a tab, in which a member or a resident of an organisation is signed in if one is given."""
    opened: list[Tab] = []

    def make(org: Org | None = None, role: str = "owner", *, resident_id: str = "", **look: str) -> Tab:
        session = ""
        if org is not None:
            registry, mark = Registry(in_process.data_dir, org.organization_id, in_process.run), f"tab{secrets.token_hex(4)}"
            person = registry.resident(mark, resident_id) if resident_id else registry.members(mark, role)[0]
            session = person.refresh_token
        opened.append(Tab(browser, in_process, session=session, **look))
        return opened[-1]

    yield make
    for tab in opened:
        tab.close()
