"""Blocks in order, what is rejected in a file, and an import that is cut off by an error."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from penstock.cli.imports import run as module
from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.json_rows import JsonRows
from penstock.cli.imports.rows import Named
from penstock.cli.imports.run import Import
from penstock.cli.imports.source import Source
from penstock.cli.imports.state import Progress, state_of
from penstock_client import Client, ConnectionFailed
from tests.cli.imports.imported import Target


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "BLOCK_ROWS", 10)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def imported(target: Target, file: Path, client: Client | None = None) -> Progress:
    """Import once more, from where it is."""
    org = target.server.orgs["Acme"]
    shown: list[tuple[int, int]] = []
    with Source(file, None) as source, state_of(file) as state:
        progress = state.load() or Progress("f", "run-")
        rows = JsonRows(file, Named(dedupe=f"{file.parent.name}-"))
        work = Import(source, rows, state, progress, file.with_name("rejected"))
        with client or Client(target.server.base_url, org.api_key) as used:
            work.run(used, 3, 0.0, 0, lambda size, row: shown.append((size, row)))
    assert shown[-1] == (file.stat().st_size, progress.row)
    return progress


def lines(device: str, count: int, broken: tuple[int, ...] = ()) -> list[str]:
    good = '{{"device_id":"{device}","time":{time},"data":{{"n":{n}}}}}'
    return ["{" if n in broken else good.format(device=device, time=1_777_713_304 + n, n=n) for n in range(count)]


def test_what_is_rejected_is_in_a_file_in_the_order_of_the_records(target: Target, tmp_path: Path) -> None:
    (device,) = target.devices()
    found = lines(device, 55, broken=(3, 31, 54))
    found[32] = '{"device_id":"dev_0c2k9fq7w3m1x","time":1,"data":{"n":32}}'
    (tmp_path / "a.ndjson").write_text("\n".join(found))
    progress = imported(target, tmp_path / "a.ndjson")
    assert (progress.row, progress.accepted, progress.rejected, progress.done) == (55, 51, 4, True)
    rejected = [msgspec.json.decode(line) for line in (tmp_path / "rejected").read_bytes().splitlines()]
    assert [(one["row"], one["content"]) for one in rejected] == [(4, "{"), (32, "{"), (33, found[32]), (55, "{")]
    assert rejected[2]["code"] == "devices.not_found"
    assert (tmp_path / "rejected").stat().st_size == progress.rejected_bytes
    assert target.values([device]) == dict.fromkeys(set(range(55)) - {3, 31, 32, 54}, 1)


def test_what_was_written_for_blocks_that_are_sent_again_is_not_there_twice(target: Target, tmp_path: Path) -> None:
    (device,) = target.devices()
    file = tmp_path / "a.ndjson"
    file.write_text("\n".join(lines(device, 40, broken=(5, 25))))
    before = imported(target, file)
    with state_of(file) as state:  # as a command leaves it that was killed after the first two blocks
        first = (tmp_path / "rejected").read_bytes().splitlines(keepends=True)[0]
        place = sum(len(line) + 1 for line in file.read_text().splitlines()[:20])
        state.save(Progress("f", "run-", place, 20, 19, rejected=1, rejected_bytes=len(first)))
    after = imported(target, file)
    assert (after.row, after.accepted, after.duplicates, after.rejected) == (40, 38, 19, 2)
    assert after.rejected_bytes == before.rejected_bytes == (tmp_path / "rejected").stat().st_size
    assert target.values([device]) == dict.fromkeys(set(range(40)) - {5, 25}, 1)


def test_a_file_of_which_the_first_block_is_rejected_is_not_the_right_one(target: Target, tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_text("\n".join(lines("dev_0c2k9fq7w3m1x", 100)))
    with pytest.raises(ImportFailed, match=r"none of the first 10 records was accepted; record 1: .*was not found"):
        imported(target, file)
    assert not (tmp_path / "rejected").exists()
    (device,) = target.devices()
    file.write_text("\n".join(lines(device, 100)))
    assert imported(target, file).accepted == 100


def test_an_error_keeps_what_was_noted_before(target: Target, tmp_path: Path) -> None:
    (device,) = target.devices()
    file = tmp_path / "a.ndjson"
    file.write_text("\n".join(lines(device, 30)))
    with pytest.raises(ConnectionFailed):
        imported(target, file, Client("http://127.0.0.1:1", "psk_1", retries=0))
    with state_of(file) as state:
        found = state.load()
    assert found is not None
    assert (found.row, found.done) == (0, False)
    assert imported(target, file).accepted == 30
