"""A codec is tried with bytes before it is saved."""

from __future__ import annotations

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer

SCRIPT = "function decodeUplink(input) { return { data: { answer: input.bytes[0] * 2 } }; }"

PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.querySelector(".cm-content").dispatchEvent(paste);
}"""


def test_a_codec_is_previewed(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        made = api.post("/api/v2/profiles", json={"name": "Probe"}).raise_for_status().json()
    tab = new_tab(org)
    page = tab.page
    tab.open(f"/console/profiles/{made['id']}/codec")
    page.click(".cm-content")
    page.keyboard.press("Control+A")
    page.evaluate(PASTE, SCRIPT)
    page.fill("input[name=bytes_hex]", "15")
    page.fill("input[name=f_port]", "2")
    page.click("button:has-text('Run')")
    page.wait_for_selector("#preview >> text=answer")
    assert "42" in page.inner_text("#preview")
    with in_process.client(org) as api:
        assert api.get(f"/api/v2/profiles/{made['id']}").json()["codec_id"] is None, "nothing was saved"
    assert not tab.faults
