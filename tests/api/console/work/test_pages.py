"""The list under the bell: what was begun elsewhere is found again, by those who may read it."""

from __future__ import annotations

from tests.security.people import Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.waiting import awaited

HERE = "/console/work"
FILE = "name\nBegun elsewhere\n"


def test_what_was_begun_is_found_again(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with browser_of(in_process, org) as browser:
        browser.get(HERE)
        assert "Nothing is going on." in browser.page
        assert 'data-going="0"' in browser.page
        browser.get("/console/devices/import")
        begun = browser.post("/console/devices/import", {"kind": "devices", "content": FILE, "action": "import"})
        path = begun.headers["location"]
        assert f'href="{path}"' in browser.get(HERE).text
        awaited(lambda: 'data-state="done"' in browser.get(HERE).text)
        assert "every 2s" not in browser.page


def test_people_who_read_none_of_it_have_no_bell(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    person = Registry(in_process.data_dir, org.organization_id, in_process.run).members("bell", "resident")[0]
    browser = Browser(in_process.client())
    browser.cookies["penstock_session"] = person.refresh_token
    with browser:
        assert browser.get(HERE).status_code == 200
        assert "Nothing is going on." in browser.page
        assert "data-bell" not in browser.page
