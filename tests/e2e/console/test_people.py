"""Signing in with an authenticator app, as a person does it."""

from __future__ import annotations

import time

import pyotp

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer


def test_somebody_adds_a_second_factor_and_signs_in_with_it(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    tab = new_tab()
    page = tab.page

    def enter() -> None:
        page.fill("input[name=email]", org.user_email)
        page.fill("input[name=password]", org.user_password)
        page.click("button:has-text('Sign in')")

    tab.open("/console/sign-in?next=/console/profile")
    enter()
    page.wait_for_selector("h1:has-text('Profile')")
    page.click("text=Add a second factor")
    seed = page.locator("input[name=secret]").get_attribute("value")
    app = pyotp.TOTP(seed)
    page.fill("input[name=code]", app.now())  # its last digit sends it
    page.wait_for_selector("text=recovery codes")
    page.click("summary.person")
    page.click("button:has-text('Sign out')")
    page.wait_for_selector("input[name=email]")
    tab.open("/console/devices")
    assert "next=/console/devices" in page.url
    enter()
    page.wait_for_selector("input[name=code]")
    page.fill("input[name=code]", "000000")
    page.wait_for_selector("[role=alert], .callout.bad")
    # Each code works once, and the one that enrolled the factor was used: the next is in the window that is tolerated.
    page.fill("input[name=code]", app.at(int(time.time()) + app.interval))
    page.wait_for_selector("h1:has-text('Devices')")
    assert not [fault for fault in tab.faults if "40" not in fault[:3] and "status of 4" not in fault]
