"""The start: JSON for programs, whose links all lead somewhere, and the console for browsers."""

from __future__ import annotations

import httpx
import pytest

from tests.support.server import RunningServer


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/plain"])
def test_a_program_gets_json_whose_links_all_work(accept: str | None, server: RunningServer) -> None:
    with server.client() as client:
        answer = client.get("/", headers={"Accept": accept} if accept else {})
        assert (answer.status_code, answer.headers["content-type"], answer.headers["vary"]) == (200, "application/json", "Accept")
        links = answer.json()["links"]
        assert {"/docs", "/openapi.json", "/health"} <= set(links.values())
        for path in links.values():
            assert client.get(path, follow_redirects=True).status_code == 200, path


def test_a_browser_is_sent_to_the_console(server: RunningServer) -> None:
    with server.client() as client:
        answer = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert (answer.status_code, answer.headers["location"], answer.headers["vary"]) == (303, "/console", "Accept")


def test_only_the_one_slash_is_the_start_page(server: RunningServer) -> None:
    address = httpx.URL(server.base_url)
    with httpx.Client(base_url=address) as client:
        assert client.get("/?a=b").status_code == 200
        assert client.request("GET", f"{server.base_url}//").status_code == 404
        assert client.post("/").status_code == 405
