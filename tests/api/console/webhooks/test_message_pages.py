"""The page of one message, from its queueing to its replay."""

from __future__ import annotations

from tests.support.console import browser_of
from tests.support.in_process import InProcessServer

URL = "https://hooks.invalid/in"


def test_a_test_message_is_followed_and_replayed(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        body = {"url": URL, "topics": ["alert.*"], "headers": {"X-Key": "s3cret"}}
        webhook = api.post("/api/v2/webhooks", json=body).json()["webhook"]
    with browser_of(in_process, org) as browser:
        sent = browser.post(f"/console/webhooks/{webhook['id']}/test")
        page = browser.follow(sent).text
        assert "webhook.test" in page
        assert f"POST {URL}" in page
        assert "X-Key: (hidden)" in page
        assert "s3cret" not in page
        assert "endpoint_id" in page
        again = browser.follow(browser.post(sent.headers["location"] + "/replay"))
        assert "The message is due again" in again.text
        assert browser.get("/console/webhooks/messages/msg_0000000000000").status_code == 404
        listed = browser.get(f"/console/webhooks/{webhook['id']}?topic=webhook.test&status=pending&from=2026-01-01").text
        assert sent.headers["location"] in listed
