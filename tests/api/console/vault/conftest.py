"""A browser of an owner, and one of a viewer of the same organisation."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture
def token(browser: Browser) -> str:
    name = f"t{secrets.token_hex(4)}"
    form = {"name": name, "secret": SEED, "issuer": HOSTILE, "account": "root@example.org"}
    answer = browser.post("/console/vault/new", form)
    assert answer.headers["location"] == f"/console/vault/tokens/{name}", answer.text
    return name
