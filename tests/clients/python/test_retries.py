"""What the client repeats and what it does not, against a server that fails first."""

from __future__ import annotations

import datetime
import pickle
from email.utils import format_datetime

import httpx
import pytest

import penstock_client
from penstock_client import Retries
from tests.clients.python.scripted import LOST, QUICK, SILENT, Scripted, said

SOON_S = 0.05
"""When a call gives up on an answer that never comes."""
DEVICE = {"id": "dev_1", "name": "Pump"}
CREATED = said(201, {"device": DEVICE, "access_token": "tok_1"})
WAIT = {"code": "telemetry.log_full", "detail": "the queue is full"}


@pytest.mark.parametrize(
    "failure", [said(503, WAIT, retry_after="0"), said(502, b"<html>"), said(429, {}, retry_after="0"), LOST]
)
def test_a_creation_is_repeated_under_one_key(scripted: Scripted, failure: bytes) -> None:
    scripted.answers(failure, failure, CREATED)
    made = scripted.client().devices.create(name="Pump")
    assert made["device"]["name"] == "Pump"
    assert len(scripted.asked) == 3
    keys = {one.headers["idempotency-key"] for one in scripted.asked}
    assert len(keys) == 1
    scripted.answers(CREATED)
    scripted.client().devices.create(name="Pump")
    assert scripted.asked[-1].headers["idempotency-key"] not in keys


def test_a_key_of_the_caller_is_sent(scripted: Scripted) -> None:
    scripted.answers(CREATED)
    scripted.client().devices.create(name="Pump", idempotency_key="mine")
    assert scripted.asked[0].headers["idempotency-key"] == "mine"


def test_what_has_no_key_is_not_sent_twice(scripted: Scripted) -> None:
    scripted.answers(LOST)
    with pytest.raises(penstock_client.ConnectionFailed):
        scripted.client().auth.sign_in(email="a@example.org", password="secret")
    assert len(scripted.asked) == 1


def test_a_change_on_condition_is_not_sent_twice(scripted: Scripted) -> None:
    scripted.answers(LOST, LOST, said(200, DEVICE))
    with pytest.raises(penstock_client.ConnectionFailed):
        scripted.client().devices.update("dev_1", name="Pump", if_match='"1"')
    assert len(scripted.asked) == 1
    scripted.client().devices.update("dev_1", name="Pump")
    assert len(scripted.asked) == 3


def test_a_deletion_whose_answer_was_lost_is_done(scripted: Scripted) -> None:
    gone = said(404, {"code": "devices.not_found", "detail": "no device"})
    scripted.answers(LOST, gone)
    scripted.client().devices.delete("dev_1")
    scripted.answers(gone)
    with pytest.raises(penstock_client.NotFound):
        scripted.client().devices.delete("dev_1")


def test_a_limit_that_does_not_pass_is_an_error_at_once(scripted: Scripted) -> None:
    scripted.answers(said(429, {"code": "devices.limit_reached", "detail": "too many devices"}))
    with pytest.raises(penstock_client.RateLimited) as refused:
        scripted.client().devices.create(name="Pump")
    assert (refused.value.retry_after, len(scripted.asked)) == (None, 1)


def test_a_long_wait_is_an_error_at_once(scripted: Scripted) -> None:
    scripted.answers(said(429, {"code": "limits.exceeded", "detail": "too many calls"}, retry_after="3600"))
    with pytest.raises(penstock_client.RateLimited) as refused:
        scripted.client().devices.get("dev_1")
    assert (refused.value.retry_after, len(scripted.asked)) == (3600.0, 1)


def test_a_time_to_come_back_is_understood(scripted: Scripted) -> None:
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    scripted.answers(said(503, WAIT, retry_after=format_datetime(later, usegmt=True)))
    with pytest.raises(penstock_client.Unavailable) as refused:
        scripted.client().devices.get("dev_1")
    assert refused.value.retry_after is not None
    assert 3000 < refused.value.retry_after <= 3600


def test_it_gives_up(scripted: Scripted) -> None:
    scripted.answers(*[said(503, WAIT, retry_after="0")] * 9)
    with pytest.raises(penstock_client.Unavailable):
        scripted.client().devices.get("dev_1")
    assert len(scripted.asked) == 1 + QUICK.count
    with pytest.raises(penstock_client.Unavailable):
        scripted.client(retries=Retries(count=0)).devices.get("dev_1")
    assert len(scripted.asked) == 2 + QUICK.count


def test_refusals_are_not_repeated(scripted: Scripted) -> None:
    for status in (400, 401, 403, 404, 409, 412, 413, 422, 500):
        scripted.answers(said(status, {"code": "x.y", "detail": "no"}))
        with pytest.raises(penstock_client.ApiError) as refused:
            scripted.client().devices.get("dev_1")
        assert refused.value.status == status
    assert len(scripted.asked) == 9


def test_silence_is_a_time_out(scripted: Scripted) -> None:
    scripted.answers(SILENT)
    with pytest.raises(penstock_client.TimedOut):
        scripted.client(retries=Retries(count=0), timeout=SOON_S).devices.get("dev_1")
    scripted.answers(SILENT)
    with pytest.raises(penstock_client.TimedOut):
        scripted.client(retries=Retries(count=0)).devices.get("dev_1", request_timeout=SOON_S)


def test_nothing_listens() -> None:
    with httpx.Client() as http:
        client = penstock_client.Client("http://127.0.0.1:1", "psk_secret", retries=QUICK, http_client=http)
        with pytest.raises(penstock_client.ConnectionFailed) as failed:
            client.auth.sign_in(email="a@example.org", password="hunter2")
    assert "hunter2" not in str(failed.value)
    assert failed.value.__cause__ is None


async def test_an_event_loop_repeats_too(scripted: Scripted) -> None:
    scripted.answers(LOST, said(503, WAIT, retry_after="0"), CREATED, said(404, {"code": "x", "detail": "no"}))
    async with scripted.async_client() as client:
        made = await client.devices.create(name="Pump")
        assert made["access_token"] == "tok_1"
        assert len({one.headers["idempotency-key"] for one in scripted.asked}) == 1
        with pytest.raises(penstock_client.NotFound):
            await client.devices.get("dev_1")


def test_pauses_grow_and_spread() -> None:
    retries = Retries(first_s=0.25, longest_s=20)
    for attempt, full in ((0, 0.25), (1, 0.5), (5, 8.0), (7, 20.0), (5000, 20.0)):
        pauses = {retries.backoff(attempt) for _ in range(20)}
        assert len(pauses) > 1
        assert full / 2 <= min(pauses) <= max(pauses) <= full


def test_errors_name_what_is_wrong_and_can_be_sent_elsewhere(scripted: Scripted) -> None:
    problem = {
        "code": "input.invalid",
        "detail": "invalid input",
        "errors": [{"field": "name", "code": "e", "detail": "is long"}],
    }
    scripted.answers(said(400, problem))
    with pytest.raises(penstock_client.ValidationFailed) as refused:
        scripted.client().devices.create(name="x" * 500)
    for error in (refused.value, pickle.loads(pickle.dumps(refused.value))):
        assert [one.field for one in error.errors] == ["name"]
        assert (error.code, error.request_id) == ("input.invalid", "req1")
        assert str(error) == "name: is long [400, input.invalid, req1]"
