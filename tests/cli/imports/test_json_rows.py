"""Records of NDJSON as readings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.json_rows import JsonRows
from penstock.cli.imports.rows import Encoded, Named
from penstock.cli.imports.source import Block


def encoded(*lines: str, first: int = 0, **named: Any) -> Encoded:
    rows = JsonRows(Path("a.ndjson"), Named(**{"dedupe": "k-", **named}))
    return rows.encode(Block([f"{line}\n".encode() for line in lines], 0), first)


def test_a_line_of_an_export_is_sent_without_what_the_server_adds() -> None:
    line = (
        '{"id":"tel_1","seq":1,"device_id":"dev_1","time":"2026-05-02T09:15:04Z","received_at":"x","backfill":true,"kind":"k",'
        '"channel":null,"data":{"a":1.50}}'
    )
    found = encoded(line, "", first=7)
    assert (found.numbers, found.records, found.rejected) == ([7], 1, [])
    assert '"data":{"a":1.50}' in found.texts[0]
    expected = {"device_id": "dev_1", "time": "2026-05-02T09:15:04Z", "kind": "k", "dedupe_key": "k-7", "data": {"a": 1.5}}
    assert msgspec.json.decode(found.texts[0]) == expected


def test_a_device_for_all_replaces_those_of_the_lines_and_own_keys_stay() -> None:
    found = encoded('{"device_id":"dev_1","time":1,"dedupe_key":"own","data":{}}', device="meter-9", timed=False)
    assert msgspec.json.decode(found.texts[0]) == {"device": "meter-9", "dedupe_key": "own", "data": {}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"data":{"a":1},"time":1}', "has no device"),
        ('{"data":{"a":1},"device":"m"}', "has no time"),
        ('{"device":"m","time":1}', "is not a reading: "),
        ("[1]", "is not a reading: "),
        ('{"data":', "is not a reading: "),
    ],
)
def test_a_line_that_is_no_reading_is_rejected_and_the_others_are_sent(line: str, said: str) -> None:
    found = encoded('{"device":"m","time":1,"data":{"a":1}}', line, '{"device":"m","time":2,"data":{"a":2}}')
    assert found.numbers == [0, 2]
    (rejected,) = found.rejected
    assert (rejected.row, rejected.content) == (2, line)
    assert rejected.detail.startswith(said)
    assert found.content(2, 0) == '{"device":"m","time":2,"data":{"a":2}}'


def test_lines_that_are_not_text_are_an_error() -> None:
    with pytest.raises(ImportFailed, match="UTF-8"):
        JsonRows(Path("a"), Named(dedupe="k", device="m", timed=False)).encode(Block([b'{"data":{},"kind":"\xff"}\n'], 0), 0)
