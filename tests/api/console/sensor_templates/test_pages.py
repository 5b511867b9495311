"""The pages of sensor templates, as somebody uses them."""

from __future__ import annotations

import re

from tests.support.console import browser_of
from tests.support.console_people import HOSTILE, harmless, viewer_of
from tests.support.in_process import InProcessServer

HOME = "/console/sensor-templates"
FORM = {"name": HOSTILE, "key": "brine_temperature", "unit": "°C", "value_type": "float"}


def test_templates_are_made_changed_and_deleted(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with browser_of(in_process, org) as browser:
        system = re.findall(rf'href="({HOME}/stp_\w+)"', browser.get(HOME).text)
        assert "it cannot be changed" in browser.get(system[0]).text
        assert browser.post(f"{HOME}/new", FORM | {"key": ""}).status_code == 400
        assert harmless(browser.page)
        browser.follow(browser.post(f"{HOME}/new", FORM))
        assert "Sensor template created" in browser.page
        assert harmless(browser.page)
        home = re.findall(rf'href="({HOME}/stp_\w+)"', browser.page)[0]
        assert harmless(browser.get(home).text)
        assert "Changed" in browser.follow(browser.post(home, FORM | {"name": "Changed"})).text
        assert browser.post(home, FORM | {"value_type": "odd"}).status_code == 400
        with viewer_of(in_process, org, "templates") as viewer:
            assert viewer.get(HOME).status_code == 200
            assert f"{HOME}/new" not in viewer.page
            assert viewer.post(home, FORM).status_code == 403
        assert "Sensor template deleted" in browser.follow(browser.post(f"{home}/delete")).text
