"""The connection is lost, or the server fails: pages say so, keep what was typed, and go on when it is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from penstock.api.console.shared.visit import Visit
from penstock.kit.errors import Unavailable
from tests.e2e.console.conftest import NewTab
from tests.support.agent_process import Relay
from tests.support.chromium import require_chromium
from tests.support.in_process import InProcessServer
from tests.support.patching import replace_where
from tests.support.waiting import eventually

MARK = "window.unchanged = true"
"""Gone after the page was loaded again."""


Failing = Callable[[Exception, str], None]


@pytest.fixture
def failing(in_process: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Failing]:
    """Lets pages fail whose query or form has a text. The bugs that are logged then are no findings."""

    def fail(error: Exception, text: str) -> None:
        def fails(*_: object, **__: object) -> None:
            raise error

        def applies(visit: Visit, *_: object, **__: object) -> bool:
            return text in visit.query.values() or visit.form.value("name") == text

        for name in ("get", "send"):
            replace_where(monkeypatch, Visit, name, fails, applies)

    yield fail
    in_process.bugs[:] = [bug for bug in in_process.bugs if not bug.startswith("page_failed")]


@pytest.fixture
def relay(in_process: InProcessServer) -> Iterator[Relay]:
    require_chromium()
    relay = Relay(int(in_process.base_url.rpartition(":")[2].strip("/")))
    yield relay
    relay.close()


def through(relay: Relay) -> dict[str, str]:
    return {"base_url": f"http://127.0.0.1:{relay.port}"}


def lose(relay: Relay) -> None:
    """The server is gone: connections end, and no other is accepted."""
    relay.closed_to_new = True
    relay.cut()


def unexpected(faults: list[str]) -> list[str]:
    """What went wrong beside the connection."""
    expected = ("failed: ", "Failed to load resource", "net::ERR", "htmx:sendError", "htmx:afterRequest")
    return [fault for fault in faults if not any(part in fault for part in expected)]


def test_a_live_page_pauses_and_comes_back(new_tab: NewTab, in_process: InProcessServer, relay: Relay) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        device = api.post("/api/v2/devices", json={"name": "Freezer"}).json()["device"]["id"]

        def report(value: float) -> None:
            api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"temperature": value}}).raise_for_status()

        report(4.25)
        tab = new_tab(org, **through(relay))
        page = tab.page
        with page.expect_response(lambda answer: "/streams/sse" in answer.url):
            tab.open(f"/console/devices/{device}")
        page.evaluate(MARK)
        shown = "value => document.querySelector('[data-live$=temperature]').textContent.includes(value)"
        page.wait_for_function(shown, arg="4.25")
        lose(relay)
        page.wait_for_function("() => /^paused .* reconnecting$/.test(document.querySelector('[data-stream-state]').textContent)")
        assert page.is_visible("[data-stream-state]")
        report(7.5)
        page.set_viewport_size({"width": 800, "height": 300})
        page.evaluate("window.scrollTo(0, 100)")
        before = page.evaluate("window.scrollY")
        relay.closed_to_new = False
        page.wait_for_function(shown, arg="7.5")
        page.wait_for_selector("[data-stream-state]", state="hidden")
        report(9.75)
        page.wait_for_function(shown, arg="9.75")
    assert page.evaluate("[window.unchanged, window.scrollY]") == [True, before]
    assert not unexpected(tab.faults)


def test_a_form_that_cannot_be_sent_keeps_what_was_typed(new_tab: NewTab, in_process: InProcessServer, relay: Relay) -> None:
    org = in_process.new_org()
    tab = new_tab(org, **through(relay))
    page = tab.page
    tab.open("/console/devices/new")
    page.fill("main input[name=name]", "Pump 7")
    lose(relay)
    page.click("main button.primary")
    page.wait_for_selector(".toast >> text=what you typed is still here")
    assert page.input_value("main input[name=name]") == "Pump 7"
    assert not page.locator("main button.busy").count()
    relay.closed_to_new = False
    page.click("main button.primary")
    page.wait_for_selector("h1:has-text('Pump 7'), main >> text=Pump 7")
    assert not unexpected(tab.faults)
    with in_process.client(org) as api:
        assert [one["name"] for one in api.get("/api/v2/devices").json()["data"]] == ["Pump 7"], "it was sent once"


def test_a_list_that_cannot_be_loaded_offers_to_try_again(new_tab: NewTab, in_process: InProcessServer, relay: Relay) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        for name in ("Pump", "Valve"):
            api.post("/api/v2/devices", json={"name": name}).raise_for_status()
    tab = new_tab(org, **through(relay))
    page = tab.page
    tab.open("/console/devices")
    lose(relay)
    page.fill("[data-filter-key]", "Valve")
    page.wait_for_selector("#list >> text=This part could not be loaded.")
    assert page.is_visible("#list >> text=Pump"), "what was there stays"
    page.click("#list button:has-text('Try again')")
    page.wait_for_selector("#list >> text=This part could not be loaded.")
    assert page.locator("#list [data-failed]").count() == 1
    relay.closed_to_new = False
    page.click("#list button:has-text('Try again')")
    page.wait_for_selector("[data-failed]", state="detached")
    page.wait_for_selector("#list >> text=Pump", state="detached")
    assert page.is_visible("#list >> text=Valve")
    assert not unexpected(tab.faults)


def test_a_script_that_did_not_come_is_asked_for_again(new_tab: NewTab, in_process: InProcessServer) -> None:
    tab = new_tab(in_process.new_org())
    page = tab.page
    page.clock.install()
    page.route("**/bell.js", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/bell.js")):
        tab.open("/console/devices")
    answered: list[str] = []
    page.on("response", lambda answer: answered.append(answer.url))

    def is_answered() -> bool:
        page.clock.run_for(10_000)  # again, as the page may learn of the failure after the test has
        return any("/console/work" in url for url in answered)

    assert eventually(is_answered)
    assert not unexpected(tab.faults)


@pytest.mark.parametrize(("status", "error"), [(500, ValueError("a secret")), (503, Unavailable(reason="The disk is full."))])
def test_a_failure_of_the_server_is_a_page_like_any_other(
    status: int, error: Exception, new_tab: NewTab, in_process: InProcessServer, failing: Failing
) -> None:
    tab = new_tab(in_process.new_org())
    page = tab.page
    failing(error, "broken")
    with page.expect_response(lambda answer: "q=broken" in answer.url) as waited:
        tab.open("/console/devices?q=broken")
    assert page.inner_text(".error-status") == str(status)
    said = page.inner_text("main")
    assert "a secret" not in said
    assert "Traceback" not in said
    assert waited.value.headers["x-request-id"] in said
    assert page.evaluate("getComputedStyle(document.querySelector('.error-status')).fontSize") != "16px", "it has its styles"
    page.click("main a:has-text('Overview')")
    page.wait_for_selector("h1:has-text('Overview')")
    assert not unexpected([fault for fault in tab.faults if not fault.startswith(f"{status}: ")])


def test_after_a_failure_the_form_is_as_it_was(new_tab: NewTab, in_process: InProcessServer, failing: Failing) -> None:
    tab = new_tab(in_process.new_org())
    page = tab.page
    tab.open("/console/devices/new")
    failing(ValueError("a bug"), "Broken pump")
    page.fill("main input[name=name]", "Broken pump")
    page.click("main button.primary")
    page.wait_for_selector(".error-page")
    page.go_back()
    assert page.input_value("main input[name=name]") == "Broken pump"


def test_a_form_is_sent_once_however_often_it_is_asked_for(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    page = (tab := new_tab(org)).page
    tab.open("/console/devices/new")
    page.fill("main [name=name]", "Once")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.url.endswith("/devices/new") else None)
    form = "document.querySelector('main form[action=\"/console/devices/new\"]')"
    again = "for (const after of [0, 0, 20, 40, 80]) setTimeout(() => form.requestSubmit(), after)"
    page.evaluate(f"{{ const form = {form}; {again}; }}")
    page.wait_for_selector("main >> text=Shown only now")
    assert sent == ["POST"]
    with in_process.client(org) as api:
        assert [one["name"] for one in api.get("/api/v2/devices").json()["data"]] == ["Once"]
    assert not tab.faults
