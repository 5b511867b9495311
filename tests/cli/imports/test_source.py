"""Files as blocks of whole records."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from penstock.cli.imports import source as module
from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.source import Source


def blocks_of(file: Path, start: int, rows: int) -> list[tuple[list[bytes], int]]:
    with Source(file, None) as source:
        return [tuple(block) for block in source.blocks(start, rows)]


def test_a_block_ends_with_its_record_and_says_where_the_next_one_begins(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'a\n"b\nb"\nc\n"d ""e""\n\n"\nf')
    assert blocks_of(file, 0, 1) == [
        ([b"a\n"], 2),
        ([b'"b\n', b'b"\n'], 8),
        ([b"c\n"], 10),
        ([b'"d ""e""\n', b"\n", b'"\n'], 22),
        ([b"f"], 23),
    ]
    assert blocks_of(file, 8, 9) == [([b"c\n", b'"d ""e""\n', b"\n", b'"\n', b"f"], 23)]


def test_places_in_a_compressed_file_are_those_of_its_content(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "b.csv.gz"
    plain.write_bytes(b"".join(b"%d\n" % n for n in range(3_000)))
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    whole = blocks_of(plain, 0, 700)
    assert blocks_of(packed, 0, 700) == whole
    assert blocks_of(packed, whole[1][1], 700) == whole[2:]
    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(ImportFailed, match="is damaged"):
        blocks_of(packed, 0, 700)


def test_long_lines_make_short_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BLOCK_BYTES", 1_000)
    monkeypatch.setattr(module, "LINES_AT_ONCE", 4)
    file = tmp_path / "a.ndjson"
    file.write_bytes((b"x" * 300 + b"\n") * 10)
    assert [len(lines) for lines, _ in blocks_of(file, 0, 10)] == [4, 4, 2]


def test_a_quote_that_is_not_closed_does_not_read_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_QUOTED_LINES", 20)
    file = tmp_path / "a.csv"
    file.write_bytes(b'"open\n' + b"x\n" * 100)
    with pytest.raises(ImportFailed, match="a quote is not closed"):
        blocks_of(file, 0, 1)
    (tmp_path / "a.ndjson").write_bytes(file.read_bytes())
    assert len(blocks_of(tmp_path / "a.ndjson", 0, 1)) == 101


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.csv", b"{", "csv"),
        ("a.jsonl.gz", b"a,b", "ndjson"),
        ("readings", b'\xef\xbb\xbf {"data": {}}', "ndjson"),
        ("readings", b"a,b", "csv"),
    ],
)
def test_the_format_is_that_of_the_name_or_of_the_content(tmp_path: Path, name: str, content: bytes, form: str) -> None:
    (tmp_path / name).write_bytes(content)
    with Source(tmp_path / name, None) as source:
        assert source.form == form
    with Source(tmp_path / name, "csv") as source:
        assert source.form == "csv"


def test_a_header_has_no_byte_order_mark_and_a_file_that_changes_another_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    with Source(file, None) as source:
        assert tuple(source.header()) == ([b"a,b\n"], 7)
        before = source.fingerprint()
        assert [block.lines for block in source.blocks(7, 5)] == [[b"1,2\n"]]
        assert source.read_bytes == source.size_bytes == 11
    file.write_bytes(b"\xef\xbb\xbfa,b\n1,3\n")
    with Source(file, None) as source:
        assert source.fingerprint() != before
