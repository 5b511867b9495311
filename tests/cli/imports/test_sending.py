"""What is sent again, and what is rejected: against a server that answers as a test says, and against a real one that paces."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from penstock.cli.imports import sending as module
from penstock.cli.imports.rows import Encoded
from penstock.cli.imports.sending import Sender, Sent, Stopped
from penstock_client import Client, ConnectionFailed, Forbidden, RateLimited, ValidationFailed
from tests.cli.imports.imported import Target, written
from tests.support.server import running_server

Answer = Callable[[list[Any]], httpx.Response]


def block(count: int) -> Encoded:
    return Encoded(
        list(range(count)), [f'{{"n":{n}}}' for n in range(count)], [], count, [["cell", str(n)] for n in range(count)]
    )


class Scripted:
    """Answers one after the other; the last one remains. Keeps the rows of each request."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[list[int]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        rows = [one["n"] for one in msgspec.json.decode(request.content)]
        self.requests.append(rows)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer(rows)


def send(scripted: Scripted, count: int, patience_s: float = 60.0, sender: list[Sender] | None = None) -> Sent:
    with httpx.Client(transport=httpx.MockTransport(scripted)) as http:
        made = Sender(Client("http://penstock.test", "psk_1", retries=0, http_client=http), patience_s)
        if sender is not None:
            sender.append(made)
        return made.send(block(count), 0)


def stored(rows: list[Any], errors: list[dict[str, Any]] | None = None, wait: str | None = None) -> httpx.Response:
    lost = len({one["row"] for one in errors or []})
    body = {"accepted": len(rows) - lost, "duplicates": 0, "quarantined": 0, "rejected": lost, "seqs": [], "errors": errors or []}
    return httpx.Response(207 if errors else 201, json=body, headers={"retry-after": wait} if wait else {})


def problem(status: int, code: str, *, wait: str | None = None, errors: list[dict[str, str]] | None = None) -> Answer:
    body = {"code": code, "detail": "no", "errors": errors or []}
    return lambda rows: httpx.Response(status, json=body, headers={"retry-after": wait} if wait else {})


def lost(rows: list[Any]) -> httpx.Response:
    raise httpx.ReadError("gone")


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "_FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(module, "_LONGEST_WAIT_S", 0.01)
    return


def test_what_had_no_answer_is_sent_again_as_it_was() -> None:
    scripted = Scripted(lost, problem(503, "telemetry.log_full", wait="0"), problem(502, ""), stored)
    assert send(scripted, 3) == Sent(3, 0, 0, [])
    assert scripted.requests == [[0, 1, 2]] * 4


def test_readings_that_are_paced_are_sent_again_alone_and_others_are_rejected_with_their_record() -> None:
    errors = [
        {"row": 0, "code": "request.invalid", "detail": "is wrong", "field": "time"},
        {"row": 0, "code": "request.invalid", "detail": "too", "field": "data"},
        {"row": 2, "code": module.PACED, "detail": "later", "field": ""},
    ]
    scripted = Scripted(lambda rows: stored(rows, errors, "0"), problem(429, module.PACED, wait="0"), stored)
    found = send(scripted, 4)
    assert scripted.requests == [[0, 1, 2, 3], [2], [2]]
    assert found.accepted == 3
    assert [(one.row, one.code, one.detail, one.field, one.content) for one in found.rejected] == [
        (1, "request.invalid", "is wrong", "time", ["cell", "0"])
    ]


def test_a_batch_of_which_nothing_was_stored_is_rejected_record_by_record() -> None:
    refused = problem(
        400, "request.invalid", errors=[{"field": "[1].device", "code": "devices.not_found", "detail": "was not found"}]
    )
    found = send(Scripted(refused), 2)
    assert (found.accepted, [(one.row, one.code, one.field) for one in found.rejected]) == (
        0,
        [(1, module.NOT_NAMED, ""), (2, "devices.not_found", "device")],
    )
    with pytest.raises(ValidationFailed):
        send(Scripted(problem(400, "request.invalid", errors=[{"field": "", "code": "x", "detail": "no array"}])), 2)


def test_what_is_too_large_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BODY_BYTES", 20)
    scripted = Scripted(stored)
    assert send(scripted, 5).accepted == 5
    assert scripted.requests == [[0, 1], [2], [3, 4]]
    found = send(Scripted(problem(413, "request.too_large")), 1)
    assert [one.code for one in found.rejected] == ["request.too_large"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(403, "auth.scope_missing"), Forbidden),
        (problem(429, "limits.monthly_readings"), RateLimited),
        (lost, ConnectionFailed),
    ],
)
def test_what_waiting_does_not_cure_ends_the_import(answer: Answer, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        send(Scripted(answer), 1, patience_s=0.0)


def test_a_sender_that_is_stopped_gives_up_while_it_waits() -> None:
    senders: list[Sender] = []
    failed: list[BaseException] = []
    asked = threading.Event()

    def paced(rows: list[Any]) -> httpx.Response:
        asked.set()
        return problem(429, module.PACED, wait="600")(rows)

    def work() -> None:
        with pytest.raises(Stopped) as raised:
            send(Scripted(paced), 1, sender=senders)
        failed.append(raised.value)

    thread = threading.Thread(target=work)
    thread.start()
    assert asked.wait(30)
    senders[0].stop()
    thread.join(30)
    assert len(failed) == 1


def test_a_server_that_paces_old_readings_gets_all_of_them(tmp_path: Path) -> None:
    pace = {"PENSTOCK_LIMITS_BACKFILL_PER_SECOND": "4000", "PENSTOCK_LIMITS_BACKFILL_BURST": "1000"}
    pace["PENSTOCK_LIMITS_BACKFILL_MAX_DELAY_S"] = "0"
    with running_server(tmp_path / "data", environment=pace) as server:
        target = Target(server, tmp_path)
        devices = target.devices(2)
        file = written(tmp_path / "a.csv", devices, 12_000)
        done = target.run("import", str(file))
        assert done.returncode == 0, done.stderr
        assert target.values(devices) == dict.fromkeys(range(12_000), 1)
