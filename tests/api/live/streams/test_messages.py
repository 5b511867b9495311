"""Messages of inboxes on live streams: with the scope, and only of numbers that the reader can access."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import httpx
import msgspec
import pytest

from penstock.api.live.errors import GrantsChanged
from penstock.api.live.filters import StreamFilter, Subscribe, from_message
from penstock.core.actor import Actor
from penstock.core.inboxes.models import AddressGrant, Subject, SubjectKind
from tests.api.live.reader import SseReader
from tests.support.in_process import InProcessServer
from tests.support.inboxes import NUMBER, OTHER, InboxSite, fresh_number, open_inboxes, receives


def test_an_sms_is_on_the_stream(in_process: InProcessServer) -> None:
    org, number = in_process.new_org(), fresh_number()
    with in_process.socket_client(org) as client:
        client.post("/api/v2/inbox/addresses", json={"value": number})
        with_sms, without = SseReader(client, "?sms=true"), SseReader(client, "")
        for reader in (with_sms, without):
            reader.next("ready")
        receives(in_process, org, number, "Your code is 481902", "a")
        event = with_sms.next("sms").data
        assert (event["event"], event["body"], event["number"]) == ("sms.inbound", "Your code is 481902", number)
        assert without.events.empty()
        for reader in (with_sms, without):
            reader.response.close()


@pytest.mark.parametrize("query", ["sms=true", "kinds=sms"])
def test_it_needs_the_scope_and_a_key_of_the_whole_organisation(in_process: InProcessServer, query: str) -> None:
    org = in_process.new_org()
    project = in_process.client(org).get("/api/v2/projects").json()["data"][0]["id"]
    for wanted, code in (
        ({"scopes": ["telemetry:read"]}, "auth.scope_missing"),
        ({"scopes": ["telemetry:read", "sms:read"], "project_id": project}, "auth.project_bound"),
    ):
        key = in_process.client(org).post("/api/v2/keys", json={"name": "x"} | wanted).json()["value"]
        with httpx.Client(base_url=in_process.base_url, headers=org.headers() | {"X-API-Key": key}) as client:
            assert client.get(f"/api/v2/streams/sse?{query}").json()["code"] == code


async def received_by(site: InboxSite, reader: Actor, send: tuple[str, ...]) -> list[str]:
    """The numbers whose messages a reader is sent; the last one is granted to everybody, so that the wait ends."""
    filters = StreamFilter(sms=True).within(reader)
    found: list[str] = []
    async with aclosing(site.server.hub.follow(site.actor.org_id, filters, None)) as stream:
        await anext(stream)
        for at, number in enumerate(send):
            await site.receive("x", f"{reader.id}-{at}", number)
        while await site.server.workers.outbox.step() or await site.server.workers.outbox.step_apart():
            pass
        for event in await anext(stream):
            found.append(str(msgspec.json.decode(event.body)["number"]))
    return found


async def test_only_of_numbers_that_the_reader_can_access(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number(NUMBER)
        granted = await site.add_number(OTHER)
        async with site.server.database.transaction(site.actor.org_id) as tx:
            subject = Subject(SubjectKind.KEY, 5)
            await tx.inbox_addresses.grant(AddressGrant(address_id=granted.id, subject=subject, created_by="", created_us=1))
        assert await received_by(site, site.restricted(key=5), (NUMBER, OTHER)) == [OTHER]
        assert await received_by(site, site.actor, (NUMBER, OTHER)) == [NUMBER, OTHER]


def test_the_kind_sms_selects_messages() -> None:
    assert from_message(Subscribe(kinds=["sms"])).sms
    assert not from_message(Subscribe(kinds=["telemetry"])).sms
    assert GrantsChanged.code == "streams.grants_changed"
