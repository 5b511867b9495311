"""What is printed of secrets: nothing. A server at debug is called in every way there is and its log searched; every struct
of the program that has a field for a secret is printed with one in it.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import io
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from rich.console import Console
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

import penstock
from penstock.api.dialects.kaito.grants import KaitoGrant, KaitoRequest
from penstock.api.shared.call import Call
from penstock.api.v2.grants import wire as grant_wire
from penstock.api.v2.keys.wire import CreatedKey
from penstock.core.tenancy.models import NewKey
from penstock.core.tokens.grant_events import PermissionChanged
from penstock.core.tokens.grant_models import Granted, SeedRequest
from penstock.kit.operation import Operation
from penstock.kit.secret import Pepper, Secret, hides
from tests.security.calls import PROOFS, Answer, Request, changed, request_for, send
from tests.security.holding import Holding, make_holding
from tests.security.table import admission, one_of_each, operations
from tests.security.test_secrets_at_rest import found_in
from tests.security.worn import Worn, sparing
from tests.support.cases import for_each
from tests.support.server import RunningServer, running_server

SECRET_FIELD = re.compile(
    r"(?:.*_)?(?:api_key|credentials?|passwords?|passphrase|pepper|private_key|recovery_codes?|secrets?|tickets?|tokens?)"
)
NAMED_OTHERWISE: dict[type, set[str]] = {NewKey: {"value"}, CreatedKey: {"value"}, Call: {"query", "body", "raw", "scope"}}
"""Fields whose name does not tell that they hold a secret."""
NAMES_A_TOKEN = {
    *(grant_wire.Grant, grant_wire.Request, grant_wire.RequestQuery, KaitoGrant, KaitoRequest),
    *(Granted, PermissionChanged, SeedRequest),
}
"""Structs in which `token` is the name or the id of a token in the vault."""
SHOWN = re.compile(r"\b(?:psk|tok|tkt)_[0-9A-Za-z_-]{20,}")
PLANTED = "p1anted-5ecret"


def classes() -> Iterator[type]:
    """Every class that the program defines."""
    for module in pkgutil.walk_packages(penstock.__path__, "penstock."):
        if not module.name.endswith(".__main__"):
            found = importlib.import_module(module.name)
            yield from (c for _, c in inspect.getmembers(found, inspect.isclass) if c.__module__ == module.name)


def structs() -> list[type[msgspec.Struct]]:
    return [one for one in classes() if issubclass(one, msgspec.Struct)]


def is_of_program(kind: Any) -> bool:
    """Whether a field holds a struct or service of the program, which is judged by itself: a token of the vault is no secret."""
    return inspect.isclass(kind) and kind.__module__.startswith("penstock.")


def secret_fields(struct: type[msgspec.Struct]) -> set[str]:
    """The fields of a struct that hold a secret; one that is typed as `Secret` hides itself."""
    found = {
        field.name
        for field in msgspec.structs.fields(struct)
        if SECRET_FIELD.fullmatch(field.name) and field.type not in (bool, int, float, Secret) and not is_of_program(field.type)
    }
    return (found - ({"token"} if struct in NAMES_A_TOKEN else set())) | NAMED_OTHERWISE.get(struct, set())


HOLDERS = [struct for struct in structs() if secret_fields(struct)]


def printed(value: object) -> str:
    """A value as it could get into a log: printed, in a container, and by rich."""
    out = io.StringIO()
    Console(file=out, width=500).print(value)
    return f"{value} {value!r} {[value]} {out.getvalue()}"


@for_each(HOLDERS, lambda struct: f"{struct.__module__}.{struct.__qualname__}")
def test_a_struct_does_not_show_its_secrets(struct: type[msgspec.Struct]) -> None:
    hidden = secret_fields(struct)
    values: dict[str, Any] = {name: PLANTED if name in hidden else None for name in struct.__struct_fields__}
    text = printed(struct(**values))
    assert PLANTED not in text
    assert struct.__name__ in text


def test_the_structs_with_secrets_are_found() -> None:
    assert {struct.__name__ for struct in HOLDERS} >= {"NewKey", "Bootstrapped", "CreatedDevice", "Reader", "Ticket"}


def test_a_struct_that_shows_one_is_found() -> None:
    class Careless(msgspec.Struct):
        refresh_token: str | None
        token_prefix: str

    assert secret_fields(Careless) == {"refresh_token"}
    assert PLANTED in printed(Careless(PLANTED, ""))
    assert PLANTED not in printed(hides("refresh_token")(Careless)(PLANTED, ""))


def test_what_is_not_there_is_shown_as_such() -> None:
    @hides("token")
    class Maybe(msgspec.Struct):
        name: str
        token: str | None = None

    assert repr(Maybe("a")) == "Maybe(name='a', token=None)"
    assert repr(Maybe("a", "b")) == "Maybe(name='a', token=Secret('•••'))"


def test_the_pepper_does_not_show_itself() -> None:
    assert "x" * 8 not in printed(Pepper(b"x" * 32))


class Loud:
    """A server at debug, and all secrets that were sent to it or came from it."""

    def __init__(self, server: RunningServer, client: httpx.Client) -> None:
        self.server = server
        self.client = client
        self.org = server.orgs["Acme"]
        self.holding = make_holding(client, self.org, "loud")
        self.own = Worn(client, self.org)
        self.secrets = {self.org.api_key, self.org.user_password, self.holding.token}

    def call_everything(self) -> None:
        for operation in sparing(operations()):
            answer = self.own.answer(operation, self._good_request)
            assert answer.status != 500
            self._note(operation, answer)
        for operation in one_of_each(operations(), admission):
            self.call_wrongly(operation)

    def _good_request(self, operation: Operation, holding: Holding) -> Request:
        self.secrets.add(holding.token)
        return request_for(operation, holding, with_token=operation.device_token)

    def call_wrongly(self, operation: Operation) -> None:
        """Call an operation with secrets that are wrong, or where they do not belong; which may be a good call all the same."""
        new = operation.method == "DELETE" or operation.path in PROOFS
        holding = make_holding(self.client, self.org, "wrongly", operation) if new else self.holding
        request = self._good_request(operation, holding)
        bad, guessed = "psk_" + "wrongwrongwrong" * 3, "tkt_" + "guessed" * 4
        for one in (
            changed(request, headers={"X-API-Key": bad, "X-Organization-Id": self.org.organization_id}),
            changed(request, query={"api_key": self.org.api_key, "ticket": guessed}),
            changed(request, body=b'{"access_token": "' + self.holding.token.encode() if request.body else None),
        ):
            answer = send(self.client, one)
            assert answer.status != 500
            self._note(operation, answer)
        self.secrets |= {bad, guessed}

    def _note(self, operation: Operation, answer: Answer) -> None:
        if operation.surface != "system":
            self.secrets |= set(SHOWN.findall(answer.text))

    async def stream(self) -> None:
        """By header and by ticket, good and bad, with frames both ways."""
        ticket = send(self.client, request_for(next(o for o in operations() if o.path.endswith("/tickets")), self.holding))
        value = str(ticket.json()["ticket"])
        self.secrets.add(value)
        url = self.server.base_url.replace("http", "ws", 1) + "/api/v2/streams/ws"
        for query, headers in ((f"?ticket={value}", {}), ("", self.org.headers())):
            async with connect(url + query, additional_headers=headers) as live:
                await live.send('{"type": "ping", "token": "' + self.holding.token + '"}')
                await asyncio.wait_for(live.recv(), 5)
        with pytest.raises(InvalidStatus):
            async with connect(url, additional_headers={"Authorization": self.org.api_key}):
                pass


@pytest.fixture
def loud(tmp_path: Path) -> Iterator[Loud]:
    with loud_server(tmp_path) as loud:
        yield loud


@contextmanager
def loud_server(folder: Path) -> Iterator[Loud]:
    with running_server(folder / "data", args=("--log-level", "debug")) as server, server.client() as client:
        yield Loud(server, client)


async def test_the_log_at_debug_holds_no_secret(loud: Loud) -> None:
    await asyncio.to_thread(loud.call_everything)
    await loud.stream()
    assert len(loud.secrets) > 12
    tells_no_secret(loud)


@pytest.mark.prove
def test_the_log_at_debug_holds_no_secret_whatever_is_called_wrongly(tmp_path: Path) -> None:
    with loud_server(tmp_path) as loud:
        for operation in operations():
            loud.call_wrongly(operation)
        tells_no_secret(loud)


def tells_no_secret(loud: Loud) -> None:
    """End the server and search its log."""
    assert loud.server.stop() == 0
    assert len(loud.secrets) > 5
    said = loud.server.log()
    assert '"event": "call_refused"' in said, "the log is at debug"
    assert found_in(said.encode(), sorted(loud.secrets)) == []


WITH_LOOSE_LIBRARIES = """
import logging
import penstock.cli.serve as serve
from penstock.cli.main import main
configure = serve.configure_logs
serve.configure_logs = lambda level: (configure(level), logging.getLogger().setLevel(logging.DEBUG))
main()
"""


def test_it_would_hold_them_if_the_libraries_were_let_loose(tmp_path: Path) -> None:
    """The search finds what is there: a library writes down the headers of a WebSocket."""
    program = [sys.executable, "-c", WITH_LOOSE_LIBRARIES]
    with running_server(tmp_path / "data", args=("--log-level", "debug"), program=program) as server:
        org = server.orgs["Acme"]
        asyncio.run(_open(server, org.headers()))
        assert server.stop() == 0
        assert found_in(server.log().encode(), [org.api_key]) != []


async def _open(server: RunningServer, headers: dict[str, str]) -> None:
    async with connect(server.base_url.replace("http", "ws", 1) + "/api/v2/streams/ws", additional_headers=headers) as live:
        await asyncio.wait_for(live.recv(), 5)
