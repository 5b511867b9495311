"""Messages over HTTP: listed, read, awaited and sent."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from penstock.kit.ids import Prefix, encode
from tests.support.in_process import InProcessServer
from tests.support.inboxes import PEER, fresh_number, receives
from tests.support.server import Org
from tests.support.waiting import awaited, eventually

PATH = "/api/v2/inbox/messages"


class Inbox:
    """An organisation with a number."""

    def __init__(self, server: InProcessServer, org: Org, api: httpx.Client) -> None:
        self.server, self.org, self.api, self.number = server, org, api, fresh_number()
        self.address = api.post("/api/v2/inbox/addresses", json={"value": self.number}).json()

    def receive(self, text: str, provider_id: str = "a") -> str:
        return encode(Prefix.INBOX_MESSAGE, receives(self.server, self.org, self.number, text, provider_id))

    @property
    def waiting(self) -> int:
        return self.server.call(self._waiting)

    async def _waiting(self, server: object) -> int:
        return int(server.parts.inboxes.waiting.total)  # type: ignore[attr-defined]


@pytest.fixture
def inbox(in_process: InProcessServer) -> Iterator[Inbox]:
    org = in_process.new_org()
    with in_process.client(org) as client:
        yield Inbox(in_process, org, client)


def test_a_message_is_listed_read_and_marked(inbox: Inbox) -> None:
    message_id = inbox.receive("Your code is 481902")
    (found,) = inbox.api.get(PATH, params={"address": inbox.number, "from": PEER}).json()["data"]
    assert (found["id"], found["body"], found["direction"], found["status"]) == (
        message_id,
        "Your code is 481902",
        "inbound",
        "received",
    )
    assert (found["from"], found["to"], found["number"], found["read_at"]) == (PEER, inbox.number, inbox.number, None)
    assert inbox.api.get(f"{PATH}/{message_id}").json() == found
    marked = inbox.api.post(f"{PATH}/{message_id}/read").json()
    assert marked["read_at"] is not None
    assert inbox.api.get(PATH, params={"unread": "true"}).json()["data"] == []
    assert inbox.api.get(PATH, params={"address": fresh_number()}).status_code == 404
    # An unescaped plus sign in a query is a space.
    assert inbox.api.get(f"{PATH}?address={inbox.number}").json()["data"][0]["id"] == message_id


def test_an_sms_is_queued_once_per_idempotency_key_and_sent(inbox: Inbox) -> None:
    body = {"from": inbox.number, "to": PEER, "body": "The door is open."}
    answers = [inbox.api.post(PATH, json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].json() == answers[1].json() == {"id": answers[0].json()["id"], "status": "queued"}
    sent = awaited(lambda: _settled(inbox, answers[0].json()["id"]), what="the end of sending")
    assert (sent["status"], sent["direction"], sent["body"]) == ("sent", "outbound", "The door is open.")
    assert len(inbox.api.get(PATH).json()["data"]) == 1


def _settled(inbox: Inbox, message_id: str) -> dict[str, object] | None:
    found: dict[str, object] = inbox.api.get(f"{PATH}/{message_id}").json()
    return None if found["status"] in ("queued", "sending") else found


@pytest.mark.parametrize("field", ["from", "to", "body"])
def test_what_cannot_be_sent_is_refused_by_its_field(inbox: Inbox, field: str) -> None:
    answer = inbox.api.post(PATH, json={"from": inbox.number, "to": PEER, "body": "x"} | {field: ""})
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_the_next_message_ends_the_wait(inbox: Inbox) -> None:
    inbox.receive("earlier", "earlier")
    with ThreadPoolExecutor() as threads:
        call = threads.submit(inbox.api.get, f"{PATH}/next", params={"address": inbox.number, "timeout": 50}, timeout=60)
        assert eventually(lambda: inbox.waiting == 1)
        message_id = inbox.receive("Your code is 481902", "b")
        answer = call.result(50)
    assert (answer.status_code, answer.json()["id"], answer.json()["body"]) == (200, message_id, "Your code is 481902")
    assert inbox.waiting == 0


def test_without_a_message_the_answer_is_empty(inbox: Inbox) -> None:
    inbox.receive("earlier")
    answer = inbox.api.get(f"{PATH}/next", params={"address": inbox.address["id"], "timeout": 0})
    assert (answer.status_code, answer.content) == (204, b"")
    assert inbox.api.get(f"{PATH}/next", params={"address": inbox.number, "timeout": 61}).status_code == 400


def test_after_a_message_the_next_is_there_immediately(inbox: Inbox) -> None:
    ids = [inbox.receive(f"text {number}", f"p{number}") for number in range(3)]
    answer = inbox.api.get(f"{PATH}/next", params={"address": inbox.number, "timeout": 50, "after": ids[0]})
    assert answer.json()["id"] == ids[1]
