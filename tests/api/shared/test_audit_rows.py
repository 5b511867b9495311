"""Entries of the audit log as files: the same in each form, however many pages there are, and no cell that computes."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from penstock.api.shared.audit_rows import writer
from penstock.cli.audit import _rows
from penstock.core.audit.chain import FIRST_HASH, chained, verify
from penstock.core.audit.models import AuditEntry, Target
from penstock.kit.ids import OrgId


def entry(seq: int, name: str = "ada@example.org") -> AuditEntry:
    return AuditEntry(
        org_id=OrgId(1),
        seq=seq,
        time_us=seq,
        action="key.create",
        actor_kind="user",
        actor_id="usr_1",
        actor_name=name,
        address="",
        target=Target("key", "key_1", "ci"),
        details={"after": {"name": "ci"}},
    )


async def pages(*sizes: int) -> AsyncIterator[list[AuditEntry]]:
    seq = 0
    for size in sizes:
        yield [entry(seq + one) for one in range(1, size + 1)]
        seq += size


async def written(form: str, found: AsyncIterator[list[AuditEntry]]) -> tuple[dict[bytes, bytes], bytes]:
    """The headers and the whole file, which must end."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await writer(found, form)(send)  # type: ignore[arg-type]
    assert [one.get("more_body", False) for one in sent[1:]] == [True] * (len(sent) - 2) + [False]
    return dict(sent[0]["headers"]), b"".join(one["body"] for one in sent[1:])


@pytest.mark.parametrize("sizes", [(), (1,), (2, 2, 1)])
async def test_every_form_has_every_entry(sizes: tuple[int, ...]) -> None:
    numbers = list(range(1, sum(sizes) + 1))
    _, lines = await written("ndjson", pages(*sizes))
    assert [json.loads(line)["seq"] for line in lines.splitlines()] == numbers
    headers, document = await written("json", pages(*sizes))
    assert [one["seq"] for one in json.loads(document)] == numbers
    assert headers[b"content-disposition"] == b'attachment; filename="audit.json"'
    _, table = await written("csv", pages(*sizes))
    assert [int(row["seq"]) for row in csv.DictReader(io.StringIO(table.decode()))] == numbers


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-1", "@x", "\tx"])
async def test_a_cell_computes_nothing(name: str) -> None:
    async def found() -> AsyncIterator[list[AuditEntry]]:
        yield [entry(1, name)]

    _, table = await written("csv", found())
    (row,) = csv.reader(io.StringIO(table.decode().split("\r\n")[1]))
    assert f"'{name}" in row
    assert any(json.loads(cell) == {"after": {"name": "ci"}} for cell in row if cell.startswith("{"))


@given(
    names=some.lists(
        some.text(max_size=40) | some.from_regex(r"['=+@\-\t\r\n]{1,3}\w{0,3}", fullmatch=True), min_size=1, max_size=8
    )
)
def test_a_table_verifies_whatever_the_names_and_computes_nothing(names: list[str]) -> None:
    chain, prev_hash = [], FIRST_HASH
    for seq, name in enumerate(names, 1):
        plain = msgspec.structs.replace(entry(seq, name), target=Target("key", name, name), details={"name": name})
        chain.append(chained(plain, prev_hash))
        prev_hash = chain[-1].hash

    async def one_page() -> AsyncIterator[list[AuditEntry]]:
        yield chain

    _, table = asyncio.run(written("csv", one_page()))
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "audit.csv"
        file.write_bytes(table)
        verdict = verify(_rows(file))
    assert (verdict.broken, verdict.rows, verdict.gaps) == (None, len(names), 0)
