"""Webhooks end to end with a clock that the test holds: real database, real log, real sockets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from penstock.adapters.outbound.on_demand import HttpOnDemand
from penstock.core.devices.models import DevicePatch
from penstock.core.people.models import Message as Mail
from penstock.core.vault.errors import SecretInUse
from penstock.core.vault.models import NewSecret
from penstock.core.webhooks.errors import EndpointDisabled, PayloadGone
from penstock.core.webhooks.models import EndpointPatch, Filters, MessageFilter, MessageStatus, Options, Origin
from penstock.kit.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from penstock.kit.secret import MASK
from tests.support.days import HeldClock, PassingClock
from tests.support.receivers import Delivery, Receiver, receiving, saying
from tests.support.webhooks import HookSite, open_hooks


def bodies(receiver: Receiver) -> list[Any]:
    return [json.loads(one.body) for one in receiver.delivered]


def types(receiver: Receiver) -> list[str]:
    return [body["type"] for body in bodies(receiver)]


async def mails(site: HookSite) -> list[Mail]:
    async with site.server.database.system_snapshot() as tx:
        waiting = await tx.mail.due(site.server.clock.now_us(), 100)
    return [site.server.people.post.opened(mail) for mail in waiting]


async def test_every_source_is_told_of_with_its_topic_and_a_standard_signature(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        made = await site.subscribe(receiver.url("/in?a=b"), headers=(("X-Mine", "1"),))
        device_id = await site.add_device("Boiler")
        await site.report(device_id, 21.5)
        await site.server.workers.observer.step()  # which notes that the device is online
        await site.match()
        await site.deliver()
        assert set(types(receiver)) == {"device.created", "device.online", "reading.telemetry", "audit.event"}
        for one in receiver.delivered:
            Webhook(made.secret).verify(one.body.decode(), one.headers)
            assert (one.path, one.headers["x-mine"], one.headers["content-type"]) == ("/in?a=b", "1", "application/json")
        by_type = {body["type"]: body for body in bodies(receiver)}
        assert by_type["reading.telemetry"]["data"]["data"] == {"v": 21.5}
        assert by_type["reading.telemetry"]["data"]["device_id"] == encode(Prefix.DEVICE, device_id)
        assert by_type["device.created"]["data"]["name"] == "Boiler"
        assert by_type["device.created"]["data"]["device_id"] == encode(Prefix.DEVICE, device_id)
        audited = {body["data"]["action"] for body in bodies(receiver) if body["type"] == "audit.event"}
        assert audited == {"webhook.create", "device.create"}
        assert len({one.headers["webhook-id"] for one in receiver.delivered}) == 5


async def test_what_happened_before_anybody_wanted_to_know_is_not_told(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        device_id = await site.add_device()
        await site.report(device_id, 1)
        await site.match()
        clock.us += SECOND_US
        await site.subscribe(receiver.url(), "reading.*")
        await site.match()
        await site.report(device_id, 2)
        await site.match()
        await site.deliver()
        assert [body["data"]["data"] for body in bodies(receiver)] == [{"v": 2}]


async def test_an_event_that_is_come_upon_twice_is_one_message(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        await site.subscribe(receiver.url(), "device.*", "reading.*")
        device_id = await site.add_device()
        await site.report(device_id, 1)
        async with site.server.database.system_snapshot() as tx:
            entries = await tx.outbox.next(10)
        for entry in entries * 2:  # as after a crash between queueing and forgetting
            await site.hooks.sources.on_events([entry])
        await site.match()
        site.hooks.sources._cursor = 0  # as after a crash before the place was kept
        await site.match()
        assert [one.topic for one in await site.messages()] == ["device.created", "reading.telemetry"]


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (Filters(), ["north 1", "north 40", "south 40", "south agent"]),
        (Filters(labels={"site": "north"}), ["north 1", "north 40"]),
        (Filters(channel="alarms"), ["south 40"]),
        (Filters(origin=Origin.AGENT), ["south agent"]),
        (Filters(origin=Origin.USER, labels={"site": "south"}), ["south 40"]),
        (Filters(condition='event.data.data.v == 40.0 && device.labels.site == "north"'), ["north 40"]),
        (Filters(condition="event.data.data.nothing > 1.0"), []),
    ],
)
async def test_filters(tmp_path: Path, filters: Filters, told: list[str]) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        await site.subscribe(receiver.url(), "reading.*", filters=filters)
        north = await site.add_device("n", labels={"site": "north"})
        south = await site.add_device("s", labels={"site": "south"})
        await site.report(north, 1)
        await site.report(north, 40)
        await site.report(south, 40, channel="alarms")
        await site.report(south, "agent", kind="agent")
        await site.match()
        await site.deliver()
        names = {encode(Prefix.DEVICE, north): "north", encode(Prefix.DEVICE, south): "south"}
        found = [f"{names[body['data']['device_id']]} {body['data']['data']['v']}" for body in bodies(receiver)]
        assert sorted(found) == sorted(told)


async def test_devices_projects_and_audit_actions_are_filtered(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        actor, server = site.actor, site.server
        mine, other = await site.add_device("mine"), await site.add_device("other")
        project = await server.tenancy.create_project(actor, "Plant")
        await site.subscribe(receiver.url("/device"), "device.*", filters=Filters(device_ids=(mine,)))
        await site.subscribe(receiver.url("/project"), "device.*", project_id=project.id)
        await site.subscribe(receiver.url("/audit"), "audit.event", filters=Filters(actions=("license.*",)))
        await site.match()
        await server.devices.update(actor, other, DevicePatch(project_id=project.id))
        await server.devices.update(actor, mine, DevicePatch(name="renamed"))
        await server.parts.licenses.issue(actor, project.id, 1)
        await site.match()
        await site.deliver()
        told = [(one.path, json.loads(one.body)["data"]) for one in receiver.delivered]
        told_of_mine = sorted((data["at"], data["name"]) for path, data in told if path == "/device")
        assert [name for _, name in told_of_mine] == ["mine", "renamed"], "by their own times: they are sent side by side"
        assert {data["device_id"] for path, data in told if path == "/device"} == {encode(Prefix.DEVICE, mine)}
        assert [data["device_id"] for path, data in told if path == "/project"] == [encode(Prefix.DEVICE, other)]
        assert [data["action"] for path, data in told if path == "/audit"] == ["license.issue"]


async def test_a_receiver_that_is_down_for_days_gets_everything_with_the_same_ids(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        made = await site.subscribe(receiver.url(), "reading.*")
        device_id = await site.add_device()
        receiver.answer = lambda _: saying(503)
        await site.report(device_id, *range(20))
        await site.match()
        for _ in range(72 * 12):  # three days, five minutes at a time
            await site.deliver()
            clock.us += 5 * MINUTE_US
            if clock.us % DAY_US < 5 * MINUTE_US:
                await site.report(device_id, clock.us)
                await site.match()
        wanted = {encode(Prefix.WEBHOOK_MESSAGE, one.id) for one in await site.messages()}
        assert {one.headers["webhook-id"] for one in receiver.delivered} <= wanted
        stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.delivered]
        assert stamps == sorted(stamps)
        assert stamps[-1] - stamps[0] > 24 * 3600
        failed = await site.messages(status=MessageStatus.FAILED)
        assert failed
        assert {one.attempts for one in failed} == {8}
        tried_before = len(receiver.delivered)
        receiver.answer = lambda _: saying(200)
        clock.us += 11 * HOUR_US
        assert await site.hooks.messages.replay_all(site.actor, made.endpoint.id, MessageFilter(status=MessageStatus.FAILED))
        await site.deliver()
        assert {one.headers["webhook-id"] for one in receiver.delivered[tried_before:]} == wanted
        assert {one.status for one in await site.messages()} == {MessageStatus.DELIVERED}


async def test_days_of_failures_disable_an_endpoint_and_its_owners_are_told(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        made = await site.subscribe(receiver.url("/dead"), "reading.*", name="Dead")
        await site.subscribe(receiver.url("/other"), "webhook.*")
        receiver.answer = lambda one: saying(500 if one.path == "/dead" else 200)
        device_id = await site.add_device()
        for _ in range(12):
            await site.report(device_id, clock.us)
            await site.match()
            await site.deliver()
            clock.us += DAY_US // 2
        endpoint = await site.hooks.endpoints.get(site.actor, made.endpoint.id)
        assert (endpoint.enabled, endpoint.disabled_reason) == (False, "failing")
        await site.match()
        await site.deliver()
        told = [json.loads(one.body) for one in receiver.delivered if one.path == "/other"]
        assert [(one["type"], one["data"]["reason"]) for one in told] == [("webhook.endpoint.disabled", "failing")]
        assert told[0]["data"]["endpoint_id"] == encode(Prefix.WEBHOOK, made.endpoint.id)
        [mail] = await mails(site)
        assert mail.to == "a@example.org"
        assert encode(Prefix.WEBHOOK, made.endpoint.id) in mail.text
        count = len(receiver.delivered)
        clock.us += DAY_US
        await site.deliver()
        assert len(receiver.delivered) == count, "nothing goes to one that is disabled"
        with pytest.raises(EndpointDisabled):
            await site.hooks.messages.replay_all(site.actor, made.endpoint.id, MessageFilter())
        receiver.answer = lambda _: saying(200)
        await site.hooks.endpoints.set_enabled(site.actor, made.endpoint.id, True)
        await site.hooks.messages.replay_all(site.actor, made.endpoint.id, MessageFilter(status=MessageStatus.FAILED))
        await site.deliver()
        mine = await site.messages(endpoint_id=made.endpoint.id)
        assert len(mine) >= 10
        assert {one.status for one in mine} == {MessageStatus.DELIVERED}


async def test_gone_disables_at_once_and_redirects_are_failures(tmp_path: Path) -> None:
    async with receiving() as inside, receiving() as receiver, open_hooks(tmp_path) as site:
        gone = await site.subscribe(receiver.url("/gone"), "device.*")
        away = await site.subscribe(receiver.url("/away"), "device.*")
        moved = saying(307, f"location: {inside.url()}\r\n")
        receiver.answer = lambda one: saying(410) if one.path == "/gone" else moved
        await site.add_device()
        await site.match()
        await site.deliver()
        assert (await site.hooks.endpoints.get(site.actor, gone.endpoint.id)).disabled_reason == "gone"
        [message] = await site.messages(endpoint_id=away.endpoint.id)
        assert (message.status, message.last_status) == (MessageStatus.PENDING, 307)
        assert inside.delivered == []


async def test_retry_after_and_attempts_are_kept(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        await site.subscribe(receiver.url(), "device.*")
        receiver.answer = lambda _: saying(429, "retry-after: 900\r\n", b"slow down\x00")
        await site.add_device()
        await site.match()
        await site.deliver()
        [message] = await site.messages()
        assert message.due_us - clock.us == 900 * SECOND_US
        [attempt] = (await site.hooks.messages.attempts(site.actor, message.id, 10, None)).items
        assert (attempt.status, attempt.error, attempt.excerpt) == (429, None, "slow down\ufffd")
        receiver.answer = lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"  # and then silence
        assert isinstance(site.hooks.delivery._http, HttpOnDemand)
        calls = site.hooks.delivery._http.client
        calls._config = msgspec.structs.replace(calls._config, timeout_s=0.5)
        clock.us += 900 * SECOND_US
        await site.deliver()
        [attempt, _] = (await site.hooks.messages.attempts(site.actor, message.id, 10, None)).items
        assert attempt.status is None
        assert attempt.error


async def test_the_same_device_in_order_when_asked(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        await site.subscribe(receiver.url(), "reading.*", options=Options(ordered=True))
        one, two = await site.add_device("one"), await site.add_device("two")
        await site.report(one, *range(5))
        await site.report(two, *range(5))
        await site.match()
        refused: list[str] = []

        def once(delivery: Delivery) -> bytes:
            if json.loads(delivery.body)["data"]["data"] == {"v": 1} and len(refused) < 2:
                refused.append(delivery.headers["webhook-id"])
                return saying(500)
            return saying(200)

        receiver.answer = once
        for _ in range(20):
            await site.deliver()
            clock.us += 6 * SECOND_US
        assert {message.status for message in await site.messages()} == {MessageStatus.DELIVERED}
        for device in (one, two):
            told = [body["data"] for body in bodies(receiver) if body["data"]["device_id"] == encode(Prefix.DEVICE, device)]
            values = [data["data"]["v"] for data in told]
            assert [value for at, value in enumerate(values) if at == 0 or values[at - 1] != value] == list(range(5))


async def test_readings_in_batches_by_number_and_by_time(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        await site.subscribe(receiver.url(), "reading.*", options=Options(batch_readings=4, batch_wait_us=10 * SECOND_US))
        device_id = await site.add_device()
        await site.report(device_id, *range(10))
        await site.match()
        await site.deliver()
        # Both batches are sent at the same time, so either can arrive first.
        found = sorted([one["data"]["v"] for one in body["data"]] for body in bodies(receiver))
        assert found == [[0, 1, 2, 3], [4, 5, 6, 7]]
        assert types(receiver) == ["reading.batch"] * 2
        clock.us += 10 * SECOND_US
        await site.match()
        await site.deliver()
        assert [one["data"]["v"] for one in bodies(receiver)[2]["data"]] == [8, 9]


async def test_a_rotated_secret_overlaps(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        made = await site.subscribe(receiver.url(), "device.*")
        rotated = await site.hooks.endpoints.rotate(site.actor, made.endpoint.id, None, 3600)
        for hours, signatures in ((0, 2), (2, 1)):
            clock.us += hours * HOUR_US
            await site.add_device()
            await site.match()
            await site.deliver()
            assert len(receiver.delivered[-1].headers["webhook-signature"].split(" ")) == signatures
        assert rotated.secret != made.secret


async def test_payloads_and_messages_are_forgotten(tmp_path: Path) -> None:
    clock = PassingClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        made = await site.subscribe(receiver.url(), "device.*")
        await site.add_device()
        await site.match()
        await site.deliver()
        await site.hooks.endpoints.set_enabled(site.actor, made.endpoint.id, False)
        await site.hooks.endpoints.set_enabled(site.actor, made.endpoint.id, True)
        await site.add_device()
        await site.match()
        clock.us += 8 * DAY_US
        await site.hooks.tidy.step()
        delivered, waiting = await site.messages()
        assert (delivered.status, waiting.status) == (MessageStatus.DELIVERED, MessageStatus.EXPIRED)
        assert delivered.body is None
        assert waiting.body is None
        with pytest.raises(PayloadGone):
            await site.hooks.messages.replay(site.actor, delivered.id)
        clock.us += 23 * DAY_US
        await site.hooks.tidy.step()
        assert await site.messages() == []


async def test_delivered_messages_are_counted_by_hour_and_project(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        [project] = (await site.server.tenancy.list_projects(site.actor, 2, None)).items
        await site.subscribe(receiver.url(), "device.*", project_id=project.id)
        for _ in range(3):
            await site.add_device()
        await site.match()
        await site.deliver()
        other = (await site.server.tenancy.bootstrap("Other", "b@example.org")).organization
        async with site.server.database.snapshot(other.id) as tx:
            for by in ("organization", "project"):
                for bucket_us in (HOUR_US, DAY_US):
                    assert await tx.usage.rows(by, 0, 2**62, bucket_us, 10, (-1, -1)) == []  # type: ignore[arg-type]
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            for by in ("organization", "project"):
                for bucket_us in (HOUR_US, DAY_US):
                    rows = await tx.usage.rows(by, 0, 2**62, bucket_us, 10, (-1, -1))  # type: ignore[arg-type]
                    assert sum(row.webhooks for row in rows) == 3
                    assert {row.subject_id for row in rows if row.webhooks} == {project.id if by == "project" else 0}


async def test_addresses_inside_are_refused_when_made_changed_and_called(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path, PENSTOCK_OUTBOUND_ALLOWED_TARGETS="10.9.9.9") as site:
        for url in (
            receiver.url(),
            "http://example.org/",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "file:///etc/passwd",
        ):
            with pytest.raises(InvalidInput):
                await site.subscribe(url, "device.*")
        made = await site.subscribe("https://localhost.example.invalid/", "device.*")
        with pytest.raises(InvalidInput):
            await site.hooks.endpoints.update(site.actor, made.endpoint.id, EndpointPatch(url=receiver.url()))
        async with site.server.database.transaction(site.actor.org_id) as tx:  # as if it had been allowed once
            found = await tx.webhooks.find(made.endpoint.id)
            assert found is not None
            bent = type(found)(**{name: getattr(found, name) for name in found.__struct_fields__} | {"url": receiver.url()})
            await tx.webhooks.update(bent)
        site.hooks.delivery._registry.put(bent)
        await site.hooks.messages.test(site.actor, made.endpoint.id)
        await site.deliver()
        [message] = await site.messages()
        [attempt] = (await site.hooks.messages.attempts(site.actor, message.id, 10, None)).items
        assert attempt.error is not None
        assert "not allowed" in attempt.error
        assert receiver.delivered == []


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_receiver_gets_nothing_until_the_time_that_it_asks_for(tmp_path: Path, status: int) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        await site.subscribe(receiver.url("/busy"), "reading.*")
        await site.subscribe(receiver.url("/calm"), "reading.*")
        device_id = await site.add_device()
        receiver.answer = lambda one: saying(status, "Retry-After: 900\r\n") if one.path == "/busy" else saying(200)
        for value in range(3):
            await site.report(device_id, value)
            await site.match()
            await site.deliver()
        assert [one.path for one in receiver.delivered].count("/busy") == 1
        assert [one.path for one in receiver.delivered].count("/calm") == 3, "others are not held up"
        receiver.answer = lambda _: saying(200)
        clock.us += 899 * SECOND_US
        await site.deliver()
        assert [one.path for one in receiver.delivered].count("/busy") == 1
        clock.us += 31 * SECOND_US
        await site.deliver()
        assert [one.path for one in receiver.delivered].count("/busy") == 4


async def test_a_secret_that_a_receiver_repeats_is_not_kept(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        await site.server.parts.secrets.create(site.actor, NewSecret(name="erp", value="Bearer hunter2-hunter2"))
        await site.subscribe(receiver.url(), "device.*", headers=(("Authorization", "secret://erp"),))
        receiver.answer = lambda one: saying(401, "", b"x" * 490 + one.headers["authorization"][7:].encode())
        await site.add_device()
        await site.match()
        await site.deliver()
        [message] = await site.messages()
        [attempt] = (await site.hooks.messages.attempts(site.actor, message.id, 10, None)).items
        assert attempt.excerpt == "x" * 490 + MASK


async def test_a_secret_that_no_longer_signs_stops_nothing_and_can_be_deleted(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        secrets, hooks, value = site.server.parts.secrets, site.hooks.endpoints, "whsec_" + "A" * 43 + "="
        old = (await secrets.create(site.actor, NewSecret(name="old", value=value))).secret
        made = (await site.subscribe(receiver.url(), "device.*", secret="secret://old")).endpoint
        await hooks.rotate(site.actor, made.id, None, 60)
        await secrets.add_version(site.actor, old.id, "does not fit")
        clock.us += 61 * SECOND_US
        await site.add_device()
        await site.match()
        await site.deliver()
        [message] = await site.messages()
        assert message.status is MessageStatus.DELIVERED
        with pytest.raises(SecretInUse):
            await secrets.delete(site.actor, old.id)
        await hooks.update(site.actor, made.id, EndpointPatch(name="new"))
        await secrets.delete(site.actor, old.id)
