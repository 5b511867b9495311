"""A message that nobody took is sent again from its page."""

from __future__ import annotations

from tests.e2e.console.conftest import NewTab
from tests.security.holding import Holding
from tests.support.in_process import InProcessServer


def test_a_message_is_replayed(new_tab: NewTab, in_process: InProcessServer, shop: Holding) -> None:
    message = shop.more["message_id"]
    tab = new_tab(shop.org)
    tab.open(f"/console/webhooks/{shop.more['webhook_id']}")
    tab.page.click(f"a[href$='{message}'] >> nth=0")
    tab.page.click("main button:has-text('Replay')")
    tab.page.wait_for_selector("text=The message is due again")
    with in_process.client(shop.org) as api:
        entries = api.get("/api/v2/logs", params={"action": "webhook.replay"}).json()["data"]
    assert len(entries) == 1
    assert not tab.faults
