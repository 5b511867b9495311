"""Messages in the console: listed, read, and sent."""

from __future__ import annotations

import httpx

from penstock.core.inboxes.models import Attachment, Content, IncomingMail, MailNotes, Spf
from penstock.kit.ids import Prefix, encode
from tests.api.console.inbox.conftest import INBOX
from tests.support.console import Browser
from tests.support.console_people import HOSTILE, harmless
from tests.support.in_process import InProcessServer
from tests.support.inboxes import PEER, fresh_number, receives
from tests.support.server import Org

MESSAGES = f"{INBOX}/messages"


def test_a_code_is_shown_large_and_its_message_marked(
    in_process: InProcessServer, org: Org, browser: Browser, api: httpx.Client, number: str
) -> None:
    text = f"Your code is 481902. {HOSTILE} https://example.org/a?b=1"
    message_id = encode(Prefix.INBOX_MESSAGE, receives(in_process, org, number, text, number))
    listed = browser.get(INBOX).text
    assert harmless(listed)
    assert '<b class="otp mono">481902</b>' in listed
    assert 'data-stream="sms" data-refresh="#list"' in listed
    page = browser.get(f"{MESSAGES}/{message_id}").text
    assert harmless(page)
    assert 'data-copy="481902"' in page
    assert 'href="https://example.org/a?b=1" target="_blank" rel="noopener noreferrer"' in page
    assert f'hx-post="{MESSAGES}/{message_id}/read"' in page
    assert api.get(f"/api/v2/inbox/messages/{message_id}").json()["read_at"] is None
    assert "<time" in browser.post(f"{MESSAGES}/{message_id}/read").text
    assert api.get(f"/api/v2/inbox/messages/{message_id}").json()["read_at"] is not None
    assert "hx-post" not in browser.get(f"{MESSAGES}/{message_id}").text.partition('id="message"')[2].partition("</main>")[0]


def test_a_mail_shows_how_it_arrived_and_never_its_links_as_scripts(
    in_process: InProcessServer, browser: Browser, api: httpx.Client
) -> None:
    alias = f"ci{fresh_number()[1:]}"
    api.post("/api/v2/inbox/addresses", json={"channel": "mail", "value": alias})
    notes = MailNotes(
        peer="192.0.2.1",
        envelope_sender="bounce@example.org",
        spf=Spf.FAIL,
        tags=("gh",),
        attachments=(Attachment(name=HOSTILE, content_type="application/pdf", size=4_000),),
    )
    content = Content(body="a\n\nb", subject=HOSTILE, links=("javascript:alert(1)",), mail=notes)
    mail = IncomingMail(provider_id=alias, sender="a@example.org", content=content, received_us=1_700_000_000_000_000)
    in_process.call(lambda server: server.parts.inboxes.intake.received_mail(alias, mail))
    (found,) = api.get("/api/v2/inbox/messages", params={"address": alias}).json()["data"]
    page = browser.get(f"{MESSAGES}/{found['id']}").text
    assert harmless(page)
    assert 'href="javascript' not in page
    for shown in ("javascript:alert(1)", "application/pdf", "4.0 kB", "bounce@example.org", "192.0.2.1"):
        assert shown in page
    assert f"{INBOX}/send" not in page


def test_the_list_is_filtered_by_all_that_the_api_offers(
    in_process: InProcessServer, org: Org, browser: Browser, number: str
) -> None:
    receives(in_process, org, number, "first of this number", f"{number}a")
    everything = {
        "address": number,
        "channel": "sms",
        "direction": "inbound",
        "status": "received",
        "from": PEER,
        "unread": "true",
    }
    assert "first of this number" in browser.get(INBOX, params=everything | {"since": "2020-01-01", "until": "2090-01-01"}).text
    for other in ({"channel": "mail"}, {"direction": "outbound"}, {"from": "+4470"}, {"until": "2020-01-01"}):
        page = browser.get(INBOX, params=everything | other).text
        assert "first of this number" not in page
        assert "Nothing matches these filters" in page or "No message matches" in page
    refused = browser.get(INBOX, params={"since": "yesterday"})
    assert refused.status_code == 400
    assert "since" in refused.text


def test_an_sms_is_sent_and_refused_with_its_errors(browser: Browser, api: httpx.Client, number: str) -> None:
    page = browser.get(f"{INBOX}/send", params={"from": number, "to": PEER}).text
    assert f'<option value="{number}" selected>' in page
    assert f'value="{PEER}"' in page
    assert "data-sms-text" in page
    refused = browser.post(f"{INBOX}/send", {"from": number, "to": "0770", "body": "kept"})
    assert refused.status_code == 400
    assert 'id="f-to-error"' in refused.text
    assert "kept</textarea>" in refused.text
    sent = browser.post(f"{INBOX}/send", {"from": number, "to": "+44 7700 900456", "body": "one\r\ntwo"})
    page = browser.follow(sent).text
    assert f"SMS to {PEER}" in page
    assert 'data-stream="sms" data-refresh="#message"' in page
    (found,) = api.get("/api/v2/inbox/messages", params={"address": number}).json()["data"]
    assert found["body"] == "one\ntwo"


def test_who_may_not_send_is_not_offered_it(viewer: Browser, number: str) -> None:
    page = viewer.get(INBOX).text
    assert "No message yet" in page
    assert f'href="{INBOX}/send"' not in page
    assert viewer.post(f"{INBOX}/send", {"from": number, "to": PEER, "body": "x"}).status_code == 403
    assert viewer.get(f"{MESSAGES}/inm_0000000000001").status_code == 404
    assert fresh_number() not in page
