"""Every generated method, sync and async: it calls the operation that it is named for, with what it was given."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import penstock_client
from clients.generator import methods
from clients.generator.python import LEFT_OUT, python_name
from clients.generator.python_types import annotation, comment, first_sentence_apart
from penstock_client import UNSET, AsyncClient, Client

ANSWER = {"data": [{"id": "x"}], "next_cursor": None}


class Recorded:
    """Answers everything, and keeps what was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json=ANSWER)


def _pinned() -> Iterator[tuple[str, str, str, str, str]]:
    for line in methods.PINNED.read_text("utf-8").splitlines():
        name, verb, path, operation_id = line.split(" ")
        resource, _, method = name.partition(".")
        yield resource, python_name(method), verb, path, operation_id


def _arguments(method: Any) -> tuple[list[Any], dict[str, Any]]:
    """A value for each parameter that has no default, and for each option."""
    positional, named = [], {}
    for name, one in inspect.signature(method).parameters.items():
        if one.kind is one.POSITIONAL_OR_KEYWORD and one.default is one.empty:
            positional.append({} if name == "body" else f"{name}/1")
        elif one.default is one.empty:
            named[name] = "1"
    return positional, named


def _expected(path: str) -> str:
    """The path with the values of `_arguments` in it."""
    return re.sub(r"\{(\w+)\}", lambda found: f"{python_name(found[1])}%2F1", path)


def test_every_method_calls_its_operation() -> None:
    recorded = Recorded()
    with httpx.Client(transport=httpx.MockTransport(recorded)) as http:
        client = Client("http://server", "psk_1", http_client=http)
        for resource, name, verb, path, operation_id in _pinned():
            if operation_id in LEFT_OUT:
                continue
            method = getattr(getattr(client, resource), name)
            positional, named = _arguments(method)
            answer = method(*positional, **named)
            if isinstance(answer, penstock_client.Pages):
                assert list(answer) == ANSWER["data"]
            if isinstance(answer, penstock_client.Download):
                answer.read()
            request = recorded.requests[-1]
            assert (request.method, request.url.raw_path.decode().split("?")[0]) == (verb, _expected(path)), operation_id
            _check_options(method, request)


def _check_options(method: Any, request: httpx.Request) -> None:
    parameters = inspect.signature(method).parameters
    assert "request_timeout" in parameters
    assert ("idempotency_key" in parameters) == ("idempotency-key" in request.headers)
    assert request.headers["authorization"] == "Bearer psk_1"
    assert request.headers["x-organization-id"] == "own"


async def test_every_method_of_the_event_loop_does_the_same() -> None:
    recorded = Recorded()
    transport = httpx.MockTransport(recorded)
    async with httpx.AsyncClient(transport=transport) as http:
        client = AsyncClient("http://server", "psk_1", http_client=http)
        sync = Client("http://server", "psk_1", http_client=httpx.Client(transport=transport))
        for resource, name, verb, path, operation_id in _pinned():
            if operation_id in LEFT_OUT:
                continue
            method = getattr(getattr(client, resource), name)
            twin = getattr(getattr(sync, resource), name)
            assert str(inspect.signature(method)).split(" -> ")[0] == str(inspect.signature(twin)).split(" -> ")[0]
            positional, named = _arguments(method)
            answer = method(*positional, **named)
            if isinstance(answer, penstock_client.AsyncPages):
                assert [one async for one in answer] == ANSWER["data"]
            elif isinstance(found := await answer, penstock_client.AsyncDownload):
                await found.read()
            request = recorded.requests[-1]
            assert (request.method, request.url.raw_path.decode().split("?")[0]) == (verb, _expected(path)), operation_id


def test_what_is_left_out_is_left_out_and_null_is_null() -> None:
    recorded = Recorded()
    with httpx.Client(transport=httpx.MockTransport(recorded)) as http:
        client = Client("http://server", "psk_1", http_client=http)
        client.devices.update("dev_1", name="a", profile_id=None, location=UNSET)
        assert json.loads(recorded.requests[-1].content) == {"name": "a", "profile_id": None}
        client.alert_events.acknowledge("evt_1")
        assert recorded.requests[-1].content == b""
        client.devices.list(q="a&b", limit=3, label=["x:1", "y:2"], has_alert=False, status=None).page()
        assert recorded.requests[-1].url.query == b"limit=3&has_alert=false&q=a%26b&label=x:1&label=y:2"
        client.devices.update("dev_1", name="a", if_match='"v1"', request_timeout=3)
        assert recorded.requests[-1].headers["if-match"] == '"v1"'
        assert recorded.requests[-1].extensions["timeout"]["read"] == 3
        client.profile.set_quiet_hours(from_="22:00", to="07:00", time_zone="UTC")
        assert json.loads(recorded.requests[-1].content)["from"] == "22:00"


def test_unions_times_and_lists_become_types() -> None:
    time = {"type": "string", "format": "date-time"}
    for schema, text in (
        ({"type": ["string", "null"]}, "str | None"),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/A_B"}]}, "s.AB | None"),
        (
            {"oneOf": [{"const": "a", "type": "string"}, {"type": "array", "items": time}]},
            'Literal["a"] | Sequence[str | datetime]',
        ),
        ({"type": ["string", "null"], "enum": ["a", None]}, 'Literal["a"] | None'),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "Mapping[str, float]"),
        ({"description": "Any JSON value."}, "Any"),
        ({"type": "object", "additionalProperties": True}, "Mapping[str, Any]"),
    ):
        assert annotation(schema, place="s.", given=True, array="Sequence") == text
    assert annotation({"type": "array", "items": time}) == "list[str]"


def test_descriptions_become_docstrings() -> None:
    text = first_sentence_apart("The first `a.b`. The second, with \\ and " + "long " * 30 + '\n\nA third """.')
    made = comment(text, "    ")
    assert made.splitlines()[0] == '    """The first `a.b`.'
    assert max(map(len, made.splitlines())) <= 120
    assert "\\\\" in made
    assert made.count('"""') == 2


@pytest.mark.parametrize("name", ["from", "import", "class"])
def test_words_of_the_language_are_marked(name: str) -> None:
    assert python_name(name) == f"{name}_"
