"""A one-time code counts down on the page, and the next one takes its place. The server's clock stands: its codes are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest

from penstock.kit.clock import SECOND_US, SystemClock
from tests.e2e.console.conftest import NewTab
from tests.support.chromium import require_chromium
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PERIOD_S = 30
APP = pyotp.TOTP(SEED)
LEFT_S = 25
"""Seconds to the end of the period, at first."""


class Held(SystemClock):
    """Stands until it is moved."""

    def __init__(self) -> None:
        period_us = PERIOD_S * SECOND_US
        self.us = super().now_us() // period_us * period_us + (PERIOD_S - LEFT_S) * SECOND_US

    def now_us(self) -> int:
        return self.us

    def code(self) -> str:
        return APP.at(self.us // SECOND_US)


@pytest.fixture(scope="module")
def clock() -> Held:
    return Held()


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory, clock: Held) -> Iterator[InProcessServer]:
    require_chromium()
    with in_process_server(tmp_path_factory.mktemp("codes") / "data", clock=clock) as running:
        yield running


def with_tokens(in_process: InProcessServer, *names: str) -> Org:
    org = in_process.new_org()
    with in_process.client(org) as api:
        for name in names:
            api.post("/api/v2/tokens", json={"name": name, "secret": SEED}).raise_for_status()
    return org


def shown(page: Any) -> str:
    """The code on the page."""
    return re.sub(r"\s", "", page.inner_text(".otp"))


def seconds(page: Any) -> int:
    """What is left of the period, as the ring says."""
    return int(page.inner_text("ps-ring"))


def test_a_code_counts_down_and_the_next_one_follows(new_tab: NewTab, in_process: InProcessServer, clock: Held) -> None:
    org = with_tokens(in_process, "mail")
    tab = new_tab(org)
    page = tab.page
    page.clock.install()
    tab.open("/console/vault/tokens/mail")
    assert not page.locator(".otp").count(), "nobody has asked for it"
    page.click("button:has-text('Show code')")
    page.wait_for_selector("ps-ring")
    first, left = shown(page), seconds(page)
    assert first == clock.code()
    assert 0 < left <= LEFT_S
    page.clock.fast_forward(5_000)
    page.wait_for_function("left => Number(document.querySelector('ps-ring').textContent) <= left", arg=left - 5)
    assert shown(page) == first
    clock.us += PERIOD_S * SECOND_US
    page.clock.fast_forward(PERIOD_S * 1000)
    page.wait_for_function("first => document.querySelector('.otp').textContent.replace(' ', '') !== first", arg=first)
    assert shown(page) == clock.code() != first
    with in_process.client(org) as api:
        reads = api.get("/api/v2/logs", params={"action": "token.code.generate"}).json()["data"]
    assert len(reads) == 2, "each code that is shown is in the audit log"
    assert not tab.faults


def test_somebody_sees_the_tokens_that_are_granted_to_them(new_tab: NewTab, in_process: InProcessServer, clock: Held) -> None:
    org = with_tokens(in_process, "mail", "bank")
    tab = new_tab(org, "member")
    page = tab.page
    with in_process.client(org) as api:
        (member,) = [one["user_id"] for one in api.get("/api/v2/members").json()["data"] if one["role"] == "member"]
        api.post("/api/v2/tokens/mail/grants", json={"subject": member, "permission": "code"}).raise_for_status()
    tab.open("/console/vault")
    assert "bank" not in page.inner_text("#main")
    page.click("tr:has-text('mail') button:has-text('Show code')")
    page.wait_for_selector(".otp")
    assert shown(page) == clock.code()
    assert not tab.faults
    tab.open("/console/vault/tokens/bank")
    assert page.inner_text(".error-status") == "404"
