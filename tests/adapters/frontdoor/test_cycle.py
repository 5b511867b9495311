"""What is written of a response is, to the byte, what uvicorn writes of it: whatever is said, and whatever was said before."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from penstock.adapters.frontdoor import cycle
from penstock.adapters.frontdoor.cycle import MAX_NAMES, MAX_VALUES, UsualCycle

NAMES = [
    b"content-type",
    b"X-Two",
    b"content-length",
    b"Content-Length",
    b"connection",
    b"transfer-encoding",
    b"x-request-id",
    b"bad:name",
]
VALUES = [b"4", b"0", b"close", b"chunked", b"text/plain", b"in\r\njected: 1", b"", b"ok"]
header = st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES))
bodies = st.lists(st.sampled_from([b"", b"done", b"too long", b"do", b"ne"]), min_size=1, max_size=3)


class Wire:
    """What a cycle takes for the transport and for the flow."""

    write_paused = False

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True


def messages(status: int, headers: list[tuple[bytes, bytes]], pieces: list[bytes]) -> list[dict[str, Any]]:
    rest = [{"type": "http.response.body", "body": piece, "more_body": n < len(pieces) - 1} for n, piece in enumerate(pieces)]
    return [{"type": "http.response.start", "status": status, "headers": headers}, *rest]


def said_by(kind: type[RequestResponseCycle], method: str, keep_alive: bool, sent: list[dict[str, Any]]) -> tuple[object, ...]:
    """All that can be seen of a response."""
    wire, ended = Wire(), []
    log = logging.getLogger("test")
    made: Any = kind(
        {"method": method},  # type: ignore[typeddict-item]
        wire,  # type: ignore[arg-type]
        wire,  # type: ignore[arg-type]
        log,
        log,
        False,
        [(b"date", b"today")],
        asyncio.Event(),
        False,
        keep_alive,
        lambda: ended.append(True),
    )
    error = ""
    try:
        for message in sent:
            step = made.send(message)
            try:
                step.send(None)
            except StopIteration:
                continue
    except (RuntimeError, ValueError) as raised:
        error = f"{type(raised).__name__}: {raised}"
    state = made.response_started, made.response_complete, made.keep_alive, made.message_event.is_set()
    return b"".join(wire.written), wire.closed, len(ended), state, error


@given(
    method=st.sampled_from(["GET", "HEAD"]),
    keep_alive=st.booleans(),
    status=st.sampled_from([200, 204, 304, 404]),
    headers=st.lists(header, max_size=4),
    pieces=bodies,
)
def test_a_response_is_written_as_uvicorn_writes_it(
    method: str, keep_alive: bool, status: int, headers: list[tuple[bytes, bytes]], pieces: list[bytes]
) -> None:
    sent = messages(status, headers, pieces)
    usual, plain = (said_by(kind, method, keep_alive, sent) for kind in (UsualCycle, RequestResponseCycle))
    assert usual == plain


def test_headers_that_change_are_written_and_not_remembered() -> None:
    cycle._lines.clear()
    cycle._heads.clear()
    for number in range(MAX_VALUES * 3):
        sent = messages(200, [(b"X-Changing", b"%d" % number), (b"content-length", b"4"), (b"x-same", b"1")], [b"done"])
        assert said_by(UsualCycle, "GET", True, sent) == said_by(RequestResponseCycle, "GET", True, sent)
    assert b"X-Changing" not in cycle._lines
    assert cycle._lines[b"x-same"] == {b"1": b"x-same: 1\r\n"}
    for number in range(MAX_NAMES * 2):
        sent = messages(200, [(b"x-%d" % number, b"v"), (b"content-length", b"4")], [b"done"])
        assert said_by(UsualCycle, "GET", True, sent) == said_by(RequestResponseCycle, "GET", True, sent)
    assert len(cycle._lines) <= MAX_NAMES
    cycle._lines.clear()
    cycle._heads.clear()
