"""Writers that send readings in batches."""

from __future__ import annotations

import datetime

import pytest

import penstock_client
from penstock_client import AsyncClient, Client
from tests.clients.python.scripted import LOST, Scripted, said
from tests.support.waiting import eventually

AT = datetime.datetime(2026, 5, 2, 9, 15, 4, tzinfo=datetime.UTC)


def _stored(accepted: int, errors: list[dict[str, object]] | None = None, status: int = 201, **headers: str) -> bytes:
    counts = {"accepted": accepted, "duplicates": 0, "quarantined": 0, "rejected": len(errors or ()), "seqs": []}
    return said(status, {**counts, "errors": errors or []}, **headers)


def test_readings_are_stored_in_batches(client: Client) -> None:
    device_id = client.devices.create(name="Batched", identifiers=[{"kind": "serial", "value": "batched-1"}])["device"]["id"]
    with client.telemetry.batch(device_id=device_id, max_rows=7) as batch:
        for number in range(20):
            batch.add({"n": number}, dedupe_key=f"n-{number}")
        batch.add({"n": 20}, device="batched-1", kind="test", channel="c")
        batch.add({"n": 0}, dedupe_key="n-0")
        batch.add({"n": 21}, device_id="dev_0000000000000")
        batch.add({"n": 22}, time="yesterday")
    assert (batch.accepted, batch.duplicates, batch.rejected_count) == (22, 1, 2)
    assert [(one.row["data"], one.field) for one in batch.rejected] == [({"n": 21}, ""), ({"n": 22}, "time")]
    assert len(client.telemetry.download_history(device_id)) == 21


def test_a_batch_without_a_good_row_is_no_error_of_the_program(client: Client) -> None:
    with client.telemetry.batch() as batch:
        batch.add({"n": 1}, device_id="dev_0000000000000")
        batch.add({"n": 2}, device_id="dev_0000000000000")
    assert (batch.accepted, batch.rejected_count, len(batch.rejected)) == (0, 2, 2)


def test_it_sends_by_count_by_size_and_by_time(scripted: Scripted) -> None:
    scripted.answers(*[_stored(2)] * 6)
    batch = scripted.client().telemetry.batch(device_id="dev_1", max_rows=2, max_age_s=3600)
    for number in range(3):
        batch.add({"n": number})
    assert [[row["data"]["n"] for row in one.json] for one in scripted.asked] == [[0, 1]]
    batch.flush()
    assert [len(one.json) for one in scripted.asked] == [2, 1]
    batch.close()
    with pytest.raises(penstock_client.ConfigurationInvalid, match="closed"):
        batch.add({"n": 4})
    small = scripted.client().telemetry.batch(device_id="dev_1", max_bytes=120, max_age_s=3600)
    for number in range(3):
        small.add({"text": "x" * 40, "n": number})
    assert [len(one.json) for one in scripted.asked[2:]] == [1, 1]
    small.close()
    with scripted.client().telemetry.batch(device_id="dev_1", max_age_s=0.01) as timed:
        before = len(scripted.asked)
        timed.add({"n": 1}, time=AT)
        assert eventually(lambda: len(scripted.asked) > before)
    assert scripted.asked[-1].json == [{"device_id": "dev_1", "data": {"n": 1}, "time": "2026-05-02T09:15:04Z"}]


def test_a_batch_that_fails_is_sent_again_under_its_key(scripted: Scripted) -> None:
    scripted.answers(*[LOST] * 5, _stored(1))
    with scripted.client().telemetry.batch(device_id="dev_1", max_age_s=3600) as batch:
        batch.add({"n": 1})
        with pytest.raises(penstock_client.ConnectionFailed):
            batch.flush()
    assert len(scripted.asked) == 6
    assert len({(one.headers["idempotency-key"], one.body) for one in scripted.asked}) == 1
    assert batch.accepted == 1


def test_a_failure_by_time_reaches_the_program(scripted: Scripted) -> None:
    scripted.answers(said(403, {"code": "auth.scope_missing", "detail": "no"}), _stored(1))
    batch = scripted.client().telemetry.batch(device_id="dev_1", max_age_s=0.001)
    batch.add({"n": 1})
    assert eventually(lambda: batch._failure is not None)
    with pytest.raises(penstock_client.Forbidden):
        batch.flush()
    batch.close()
    assert batch.accepted == 1


def test_old_readings_that_must_wait_are_sent_again(scripted: Scripted) -> None:
    paced = {"row": 1, "code": "limits.backfill_paced", "detail": "later", "field": ""}
    scripted.answers(_stored(1, [paced], 207, retry_after="0"), _stored(1))
    with scripted.client().telemetry.batch(device_id="dev_1") as batch:
        batch.add({"n": 1})
        batch.add({"n": 2})
    assert [[row["data"]["n"] for row in one.json] for one in scripted.asked] == [[1, 2], [2]]
    assert len({one.headers["idempotency-key"] for one in scripted.asked}) == 2
    assert (batch.accepted, batch.rejected_count) == (2, 0)


@pytest.mark.parametrize("wrong", [{}, {"time": AT.replace(tzinfo=None)}, {"n": float("nan")}, {"n": {1, 2}.__class__}])
def test_what_cannot_be_sent_is_found_when_it_is_added(scripted: Scripted, wrong: dict[str, object]) -> None:
    device_id = "dev_1" if wrong else None
    with scripted.client().telemetry.batch() as batch, pytest.raises(penstock_client.ConfigurationInvalid):
        batch.add(wrong, device_id=device_id)
    assert scripted.asked == []


def test_an_error_of_the_block_is_the_one_that_is_seen(scripted: Scripted) -> None:
    def program() -> None:
        with scripted.client().telemetry.batch(device_id="dev_1") as batch:
            batch.add({"n": 1})
            raise KeyError("mine")

    with pytest.raises(KeyError):
        program()
    assert len(scripted.asked) == 1


async def test_readings_that_are_json_already_are_sent_as_they_are(client: Client, async_client: AsyncClient) -> None:
    device_id = client.devices.create(name="Encoded")["device"]["id"]
    body = f'[{{"device_id":"{device_id}","data":{{"n":1.50}},"dedupe_key":"encoded"}}]'.encode()
    first = client.telemetry.send_encoded(body)
    assert (first["accepted"], first["duplicates"]) == (1, 0)
    again = await async_client.telemetry.send_encoded(body, request_timeout=30)
    assert (again["accepted"], again["duplicates"], again["seqs"]) == (1, 1, first["seqs"])


async def test_an_event_loop_has_batches_too(async_client: AsyncClient) -> None:
    device_id = (await async_client.devices.create(name="Looped batch"))["device"]["id"]
    async with async_client.telemetry.batch(device_id=device_id, max_rows=3) as batch:
        for number in range(7):
            await batch.add({"n": number})
        await batch.add({"n": 8}, time="never")
    assert (batch.accepted, batch.rejected_count) == (7, 1)
    with pytest.raises(penstock_client.ConfigurationInvalid):
        await batch.add({"n": 9})
    readings = await async_client.telemetry.download_history(device_id, range="1h")
    assert [one["data"]["n"] for one in readings] == list(range(7))


async def test_an_event_loop_sends_by_time_and_again(scripted: Scripted) -> None:
    paced = {"row": 0, "code": "limits.backfill_paced", "detail": "later", "field": ""}
    scripted.answers(_stored(0, [paced], 207, retry_after="0"), _stored(1), said(403, {"code": "x", "detail": "no"}), _stored(1))
    async with scripted.async_client() as client:
        batch = client.telemetry.batch(device_id="dev_1", max_age_s=0.001)
        await batch.add({"n": 1})
        assert batch._timer is not None
        await batch._timer
        assert batch.accepted == 1
        await batch.add({"n": 2})
        await batch._timer
        with pytest.raises(penstock_client.Forbidden):
            await batch.add({"n": 3})
        await batch.close()
    assert batch.accepted == 2
    keys = [one.headers["idempotency-key"] for one in scripted.asked]
    assert keys[2] == keys[3]
