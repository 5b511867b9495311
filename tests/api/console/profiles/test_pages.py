"""The pages of device profiles, as somebody uses them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.console import Browser, browser_of
from tests.support.console_people import HOSTILE, harmless, viewer_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HOME = "/console/profiles"
FORM = {"name": HOSTILE, "device_type": "water_meter", "expected_interval_s": "3600"}
ROWS = {"sensors[0].key": "volume", "sensors[0].value_type": "float", "registers[0].field": "volume", "registers[0].unit": "m3"}


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture
def home(browser: Browser) -> str:
    """The page of a new profile with a hostile name."""
    made = browser.post(f"{HOME}/new", FORM | ROWS)
    assert made.status_code == 303, made.text
    return str(made.headers["location"]).removesuffix("/codec")


def test_an_empty_list_says_what_to_do(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        assert "No device profiles yet" in browser.get(HOME).text
        assert "No codecs yet" in browser.get("/console/codecs").text
        assert "Nothing was decoded again yet" in browser.get("/console/codecs/redecodes").text


def test_pages_show_hostile_names_as_text(browser: Browser, home: str) -> None:
    for page in (HOME, home, f"{home}/edit", f"{home}/codec", f"{home}/redecodes"):
        assert browser.get(page).status_code == 200, page
        assert harmless(browser.page), page
    assert harmless(browser.get(f"{HOME}?q=img&device_type=water_meter").text)
    assert "Nothing matches" in browser.get(f"{HOME}?q=nothing-like-it").text


def test_errors_are_beside_their_fields(browser: Browser) -> None:
    answer = browser.post(f"{HOME}/new", FORM | {"name": "", "expected_interval_s": "often"})
    assert answer.status_code == 400
    answer = browser.post(
        f"{HOME}/new", FORM | ROWS | {"registers[0].field": "", "registers[1].field": "v", "registers[1].unit": "x"}
    )
    assert answer.status_code == 400
    assert 'id="f-registers-1-unit-error"' in answer.text


def test_it_is_changed_and_deleted(browser: Browser, home: str, in_process: InProcessServer, org: Org) -> None:
    browser.follow(
        browser.post(f"{home}/edit", FORM | ROWS | {"name": "Changed", "sensors[0].key": "", "expected_interval_s": ""})
    )
    assert "Profile saved" in browser.page
    with in_process.client(org) as api:
        found = api.get(home.replace("/console", "/api/v2")).json()
    assert (found["name"], found["sensors"], found["expected_interval_s"]) == ("Changed", [], None)
    assert found["registers"][0]["sources"] == [{"field": "volume", "unit": "m3"}]
    assert "Profile deleted" in browser.follow(browser.post(f"{home}/delete")).text


def test_one_with_devices_is_not_deleted(browser: Browser, home: str, in_process: InProcessServer, org: Org) -> None:
    with in_process.client(org) as api:
        api.post("/api/v2/devices", json={"name": HOSTILE, "profile_id": home.rpartition("/")[2]}).raise_for_status()
    browser.follow(browser.post(f"{home}/delete"))
    assert "Profile deleted" not in browser.page
    assert harmless(browser.page)


def test_a_viewer_reads_and_no_more(home: str, in_process: InProcessServer, org: Org) -> None:
    with viewer_of(in_process, org, "profiles") as viewer:
        assert viewer.get(HOME).status_code == 200
        assert f"{HOME}/new" not in viewer.page
        for page in (home, f"{home}/codec", f"{home}/redecodes"):
            assert viewer.get(page).status_code == 200
            assert '<button class="btn primary' not in viewer.page
        assert viewer.post(f"{HOME}/new", FORM).status_code == 403
        assert viewer.post(f"{home}/codec", {"script": "function decodeUplink() {}"}).status_code == 403
