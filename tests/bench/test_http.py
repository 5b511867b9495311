from __future__ import annotations

import pytest

from bench.http import Answers, content_length, request

ANSWERS = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n" + b'{"a": "\r\n\r\n"}'[:13],
    b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n",
    b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\nx: y\r\n\r\n[]",
)


class Kept(Answers):
    keep = True

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[int, bytes]] = []

    def answered(self, status: int, seconds: float, head: bytes) -> None:
        self.got.append((status, self.body))


@pytest.mark.parametrize("message", ANSWERS)
def test_an_answer_is_read_however_it_is_cut(message: bytes) -> None:
    body = message.partition(b"\r\n\r\n")[2]
    for first in range(1, len(message)):
        for second in range(first, len(message), 7):
            kept = Kept()
            for part in (message[:first], message[first:second], message[second:]):
                if part:
                    kept.data_received(part)
            assert kept.got == [(int(message[9:12]), body)]


def test_answers_follow_one_another() -> None:
    kept = Kept()
    for message in ANSWERS:
        kept.data_received(message)
    assert [status for status, _ in kept.got] == [200, 503, 201]


def test_an_answer_without_a_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="without a length"):
        content_length(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked")


def test_a_request_is_whole() -> None:
    assert request("GET", "/health") == b"GET /health HTTP/1.1\r\nhost: bench\r\n\r\n"
    posted = request("POST", "/x", {"authorization": "Bearer t"}, b"{}")
    assert posted.endswith(b"content-length: 2\r\n\r\n{}")
    assert b"\r\nauthorization: Bearer t\r\n" in posted
