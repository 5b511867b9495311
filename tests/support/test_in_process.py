"""A server in this process answers as one over a socket does, and its bugs are seen."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import structlog

from penstock.bootstrap import Server
from tests.support.in_process import InProcessServer, in_process_server

VARIES = ("date", "x-request-id", "x-ratelimit-remaining", "x-ratelimit-daily-remaining")
OF_THE_DOOR = ("x-content-type-options", "referrer-policy", "connection")


def shown(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k not in VARIES + OF_THE_DOOR}


def test_an_answer_is_the_same_without_a_socket(in_process: InProcessServer) -> None:
    org = in_process.orgs["Acme"]
    with in_process.client(org) as direct, in_process.socket_client(org) as through_the_door:
        made = direct.post("/api/v2/projects", json={"name": "Grüße & %2F"})
        assert made.status_code == 201, made.text
        for path in ("/api/v2/projects?limit=1000", f"/api/v2/projects/{made.json()['id']}", "/health", "/docs"):
            assert shown(direct.get(path)) == shown(through_the_door.get(path)), path
        refused = [client.get("/api/v2/devices/a%2Fb?q=%C3%A9").status_code for client in (direct, through_the_door)]
        assert refused == [404, 404]


def test_a_stream_begins_and_can_be_left(in_process: InProcessServer) -> None:
    with in_process.client(in_process.orgs["Acme"]) as client:
        with client.stream("GET", "/api/v2/streams/sse") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert "event: ready" in next(answer.iter_text())
        with client.stream("GET", "/api/v2/streams/sse", timeout=0.05) as answer, pytest.raises(httpx.ReadTimeout):
            list(answer.iter_bytes())


async def log_an_error(_: Server) -> None:
    structlog.get_logger().error("request_failed", path="/x")


def test_a_bug_is_seen(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="request_failed") as seen:
        meet_a_bug(tmp_path / "data")
    assert "of_another_thread" not in str(seen.value)


def meet_a_bug(data_dir: Path) -> None:
    with in_process_server(data_dir, orgs=()) as server:
        structlog.get_logger().error("of_another_thread")
        server.call(log_an_error)
