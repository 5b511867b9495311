"""T4: the matrix can fail. Each statement that is bound to an organisation loses that bond, and the matrix must notice.

Where it does not notice, something else stands between: the mutant is listed with what that is. A mutant that is listed
and noticed after all fails the test too, so that the list stays true.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from penstock.adapters.frontdoor.server import listen, serve, url_of
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.connection import statements
from penstock.bootstrap import open_server
from penstock.core.tenancy.models import Bootstrapped
from penstock.kit.ids import Prefix, encode
from penstock.settings import load_settings
from tests.security.calls import make_holding
from tests.security.matrix import leaks
from tests.security.table import operations, references
from tests.support.server import Org

BOND = re.compile(r"(?:\b\w+\.)?\borg_id = :org_id")
Mutant = tuple[str, int]

_FOUND_BEFORE = "runs only after another statement of the same transaction found the row in the organisation"
UNNOTICED: dict[str, str] = {}


class InProcess:
    """A whole server in a thread of this process, so that its statements can be changed while it runs."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = DataDir(data_dir)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self.orgs: list[Org] = []
        self.base_url = ""

    def __enter__(self) -> InProcess:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._serving.cancel)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        settings = load_settings(environment={})
        async with open_server(self._data_dir, settings) as server:
            for name in ("Mine", "Theirs"):
                self.orgs.append(_org(await server.tenancy.bootstrap(name, f"{name.lower()}@example.org")))
            sockets = listen("127.0.0.1", 0)
            self.base_url = url_of(sockets[0])
            self._serving = asyncio.ensure_future(
                serve(
                    server.app,  # type: ignore[arg-type]
                    config=settings.http,
                    on_ready=lambda _: self._ready.set(),
                    shutdown_grace_s=1,
                    sockets=sockets,
                )
            )
            await asyncio.wait([self._serving])


def _org(made: Bootstrapped) -> Org:
    return Org(
        organization_id=encode(Prefix.ORGANIZATION, made.organization.id),
        project_id=encode(Prefix.PROJECT, made.project.id),
        user_email=made.user_email,
        user_password=made.user_password,
        api_key=made.key.value,
    )


def mutants() -> list[Mutant]:
    """Every place where a statement names the organisation in a condition."""
    return [(name, number) for name, text in statements().items() for number, _ in enumerate(BOND.finditer(text))]


def without_bond(text: str, number: int) -> str:
    """A statement whose n-th condition on the organisation is always true."""
    match = list(BOND.finditer(text))[number]
    return f"{text[: match.start()]}1 = 1{text[match.end() :]}"


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    with InProcess(tmp_path_factory.mktemp("breakable") / "data") as server:
        yield server


def noticed(server: InProcess) -> str | None:
    """The first leak that the matrix finds."""
    mine_org, theirs_org = server.orgs
    with httpx.Client(base_url=server.base_url, timeout=30) as client:
        fresh = True
        for operation in operations():
            if fresh:
                mine, theirs = make_holding(client, mine_org, "mine"), make_holding(client, theirs_org, "theirs")
            found = next(leaks(client, operation, mine, theirs), None)
            if found:
                return found
            fresh = bool(references(operation.body))  # it may have taken the other's identifier for a device of its own
    return None


def test_nothing_is_noticed_where_nothing_is_broken(breakable: InProcess) -> None:
    assert noticed(breakable) is None


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: f"{mutant[0]}-{mutant[1]}")
def test_a_lost_bond_is_noticed(mutant: Mutant, breakable: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    name, number = mutant
    monkeypatch.setitem(statements(), name, without_bond(statements()[name], number))
    found = noticed(breakable)
    print("RESULT", mutant, found)
