"""Calls of a server at a distance: what is sent, and one line for whatever goes wrong."""

from __future__ import annotations

import httpx
import pytest

from penstock.cli import remote
from penstock.cli.remote import RemoteFailed, call

KEY = "psk_of-a-test"


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """Requests that were sent; each gets the response of its path."""
    sent: list[httpx.Request] = []
    answers = {
        "/json": httpx.Response(200, json={"a": 1}),
        "/none": httpx.Response(204),
        "/text": httpx.Response(200, text="<html>"),
        "/problem": httpx.Response(404, json={"detail": "token x\nwas not found"}),
        "/other": httpx.Response(502, text="<html>Bad gateway</html>"),
        "/list": httpx.Response(400, json=[1]),
    }

    def take(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if request.url.path == "/gone":
            raise httpx.ConnectError("Connection refused")
        return answers[request.url.path]

    def requested(method: str, url: str, **options: object) -> httpx.Response:
        assert options.pop("timeout") == remote.TIMEOUT_S
        with httpx.Client(transport=httpx.MockTransport(take)) as client:
            return client.request(method, url, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx, "request", requested)
    monkeypatch.setenv(remote.URL, "https://iot.example.org/")
    monkeypatch.setenv(remote.ORG, "org_1")
    monkeypatch.setenv(remote.API_KEY, KEY)
    return sent


def test_what_is_sent_and_what_comes_back(answered: list[httpx.Request]) -> None:
    assert call("POST", "/json", query={"q": "ä"}, body={"name": "x"}) == {"a": 1}
    (request,) = answered
    assert (str(request.url), request.content) == ("https://iot.example.org/json?q=%C3%A4", b'{"name":"x"}')
    assert (request.headers["authorization"], request.headers["x-organization-id"]) == (f"Bearer {KEY}", "org_1")
    assert call("GET", "/none") is None
    assert call("GET", "/text") is None
    call("POST", "/none", body=b"\x89PNG", headers={"content-type": "image/png"})
    assert (answered[-1].content, answered[-1].headers["content-type"]) == (b"\x89PNG", "image/png")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/problem", "token x was not found"),
        ("/other", "the server responded with 502"),
        ("/list", "the server responded with 400"),
        ("/gone", "PENSTOCK_URL: Connection refused"),
    ],
)
@pytest.mark.usefixtures("answered")
def test_a_failure_is_one_line(path: str, said: str) -> None:
    with pytest.raises(RemoteFailed) as failed:
        call("GET", path)
    assert str(failed.value) == said


def test_the_organisation_is_that_of_the_key(answered: list[httpx.Request], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(remote.ORG)
    call("GET", "/json")
    assert answered[0].headers["x-organization-id"] == "own"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (remote.URL, None, "the variable PENSTOCK_URL is not set"),
        (remote.API_KEY, " ", "the variable PENSTOCK_API_KEY is not set"),
        (remote.URL, "iot.example.org", "PENSTOCK_URL must begin with https:// or http://"),
        (remote.URL, "http://iot.example.org:port", "PENSTOCK_URL: "),
        (remote.API_KEY, "schlüssel", "PENSTOCK_URL: a variable has an invalid character"),
    ],
)
def test_a_variable_that_cannot_be(
    name: str, value: str | None, said: str, answered: list[httpx.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    with pytest.raises(RemoteFailed) as failed:
        call("GET", "/json")
    assert str(failed.value).startswith(said)
    assert "schl" not in str(failed.value)
    assert not answered
