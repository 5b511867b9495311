"""A server whose statements lose their bond to an organisation one at a time, and what the matrix says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from penstock.adapters.storage.sqlite import connection, log, readings
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.operation import Operation
from tests.security import matrix
from tests.security.holding import Holding, make_holding
from tests.security.matrix import leaks, moves, twins
from tests.security.table import operations, references
from tests.support.in_process import InProcessServer
from tests.support.server import Org

BOND = re.compile(r"(?:\b\w+\.)?\borg_id = :org_id")
Mutant = tuple[str, int]


def mutants() -> dict[str, Mutant]:
    """Every place where a statement names the organisation in a condition."""
    texts = connection.statements()
    found = [(name, number) for name, text in texts.items() for number, _ in enumerate(BOND.finditer(text))]
    return {f"{name}-{number}": (name, number) for name, number in found}


def without_bond(text: str, number: int) -> str:
    """A statement whose n-th condition on the organisation is always true."""
    match = list(BOND.finditer(text))[number]
    return f"{text[: match.start()]}1 = 1{text[match.end() :]}"


class Statements(dict[str, str]):
    """The statements, and which of them were used since somebody began to look."""

    def __init__(self) -> None:
        super().__init__(connection.statements())
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.used.add(name)
        return super().__getitem__(name)


class Breakable(InProcessServer):
    """A server in this process whose statements can be changed while it runs."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.statements = Statements()
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> Breakable:
        for module in (connection, log, readings):
            self._patch.setattr(module, "statements", lambda: self.statements)
        super().__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._patch.undo()

    @contextmanager
    def without(self, mutant: str) -> Iterator[None]:
        """Run with one condition on the organisation always true."""
        name, number = mutants()[mutant]
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(self.statements, name, without_bond(self.statements[name], number))
            yield

    def new_orgs(self) -> tuple[Org, Org]:
        """Two organisations that no broken statement has mixed up yet: whose things shall stay hidden, and who looks."""
        return self.new_org(), self.new_org()


@contextmanager
def no_first_line() -> Iterator[None]:
    """The server without its first line: whichever device is named, the directory takes it for the caller's.

    Statements on sensors and readings are never reached with a foreign id while that line stands.
    """

    def ref(_: DeviceDirectory, org_id: int, device_id: int) -> DeviceRef:
        return DeviceRef(device_id, org_id, 0, DeviceStatus.ACTIVE)

    async def get(directory: DeviceDirectory, org_id: int, device_id: int) -> DeviceRef:
        return ref(directory, org_id, device_id)

    async def latest(memory: LatestReadings, org_id: int, device_id: int) -> object:
        return await memory._store.latest(org_id, device_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DeviceDirectory, "known", ref)
        patch.setattr(DeviceDirectory, "get", get)
        patch.setattr(LatestReadings, "known", lambda *_: None)
        patch.setattr(LatestReadings, "get", latest)
        patch.setattr(LatestReadings, "with_last_seen", lambda _, device: device)
        patch.setattr(matrix, "FOLLOWS_LATER", matrix.FOLLOWS_LATER | {"last_seen_at"})  # by the worker that stores it
        yield


@contextmanager
def readings_in(place: str) -> Iterator[None]:
    """Whether readings stay in the log's tail while they are asked for, or are indexed at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "IDLE_S", 1000.0 if place == "tail" else 0.001)
        yield


class Uses(msgspec.Struct, frozen=True):
    """What uses the statements: operations, by the statement's name, and what two organisations do side by side."""

    by_operations: dict[str, list[Operation]]
    side_by_side: set[str]


def uses(server: Breakable, *, only_foreign: bool = False) -> Uses:
    """Who uses which statement. What only one of two rounds saw was a worker's, at work meanwhile."""
    with server.client() as client:
        pair = Pair(server, client)
        first, second = [_statements_of_operations(server, client, pair, only_foreign=only_foreign) for _ in range(2)]
        pair.renew()
        server.statements.used.clear()
        list(pair.side_by_side())
        side_by_side = set(server.statements.used)
    both = [(operation, before & after) for operation, before, after in zip(operations(), first, second, strict=True)]
    names = {name for _, found in both for name in found}
    return Uses({name: [operation for operation, found in both if name in found] for name in names}, side_by_side)


def _statements_of_operations(server: Breakable, client: httpx.Client, pair: Pair, *, only_foreign: bool) -> list[set[str]]:
    """The names of the statements that the matrix's calls of each operation use, in the order of operations."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix, "snapshot", lambda *_: {})
        for operation in operations():
            server.statements.used.clear()
            list(leaks(client, operation, pair.mine, pair.theirs, only_foreign=only_foreign))
            found.append(set(server.statements.used))
            if takes_names(operation):
                pair.renew()
    return found


class Pair:
    """Two organisations of their own, and what they hold: all there is, or what calls of one operation need."""

    mine: Holding
    theirs: Holding

    def __init__(self, server: Breakable, client: httpx.Client, operation: Operation | None = None) -> None:
        self._server, self._client = server, client
        self._orgs = server.new_orgs()
        self.renew(operation)

    def renew(self, operation: Operation | None = None) -> None:
        """Give both new things."""
        self.theirs = make_holding(self._client, self._orgs[0], "theirs", operation)
        self.mine = make_holding(self._client, self._orgs[1], "mine", operation)
        self._server.store_notes()

    def side_by_side(self) -> Iterator[str]:
        """What shows of the other when both have and do the same."""
        yield from moves(self._client, self.mine, lambda: make_holding(self._client, self._orgs[0], "theirs"))
        yield from twins(self._client, self.mine, self.theirs)


def noticed(
    server: Breakable, asked: Sequence[Operation], *, only_foreign: bool = False, side_by_side: bool = False
) -> str | None:
    """The first leak that the matrix finds among these operations, and side by side."""
    if not asked and not side_by_side:
        return None
    with server.client() as client:
        pair = Pair(server, client, asked[0] if len(asked) == 1 else None)
        used = False
        for operation in asked:
            if used:
                pair.renew()
            found = next(leaks(client, operation, pair.mine, pair.theirs, only_foreign=only_foreign), None)
            if found:
                return found
            used = takes_names(operation)
        if not side_by_side:
            return None
        if any(operation.method != "GET" for operation in asked):
            pair.renew()  # what calls began, workers may still be at
        return next(pair.side_by_side(), None)


def takes_names(operation: Operation) -> bool:
    """Whether a call may have taken the other's identifier for a device of the caller's own."""
    return bool(references(operation.body))
