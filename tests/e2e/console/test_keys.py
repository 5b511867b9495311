"""The life of an API key, from its form to its end."""

from __future__ import annotations

import httpx

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer


def test_a_key_is_made_used_rotated_and_revoked(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    tab = new_tab(org)
    page = tab.page

    def calls_with(value: str) -> int:
        with in_process.client() as client:
            headers = {"X-API-Key": value, "X-Organization-Id": org.organization_id}
            answer: httpx.Response = client.get("/api/v2/devices", headers=headers)
            return answer.status_code

    def shown() -> str:
        value: str = page.evaluate("document.body.innerHTML.match(/psk_[A-Za-z0-9]{30,}/)?.[0] ?? ''")
        assert value, page.inner_text("main")
        return value

    tab.open("/console/keys/new")
    page.fill("input[name=name]", "Cold store")
    page.click("button[data-scopes=read]")
    page.click("button:has-text('Create the key')")
    page.wait_for_selector("text=Copy this key now.")
    value = shown()
    assert value not in page.url
    assert calls_with(value) == 200
    page.click("text=I have copied it")
    page.wait_for_url("**/console/keys/key_*")
    assert value not in page.content(), "it is shown once"
    page.click("button:has-text('Rotate')")
    page.wait_for_selector("dialog[open]")
    page.click("dialog[open] button:has-text('Rotate')")
    page.wait_for_selector("text=Copy this key now.")
    old, value = value, shown()
    assert value != old
    assert (calls_with(old), calls_with(value)) == (401, 200)
    page.click("text=I have copied it")
    page.wait_for_url("**/console/keys/key_*")
    page.click("button:has-text('Revoke')")
    page.wait_for_selector("dialog[open]")
    page.fill("dialog[open] input:not([type=hidden])", "Cold store")
    page.click("dialog[open] button:has-text('Revoke')")
    page.wait_for_selector("text=Revoked")
    assert calls_with(value) == 401
    assert not tab.faults
