"""`penstock audit verify`: an export of a real server, whole, filtered, and tampered with in every way."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import httpx
import pytest

from tests.api.v2.keys.test_routes import make
from tests.support.server import run_cli

from .commands import output, refusal


@pytest.fixture
def export(api: httpx.Client, tmp_path: Path) -> Path:
    for name in ("one", "two", '=1+1,"x"', "Grüße\n"):
        make(api, name=name.strip() or "x")
    file = tmp_path / "audit.ndjson"
    file.write_text(api.get("/api/v2/logs/export").text)
    return file


def test_a_whole_export_verifies_in_every_form(api: httpx.Client, export: Path, tmp_path: Path) -> None:
    last = json.loads(export.read_text().splitlines()[-1])
    assert f"last hash: {last['hash']}" in output("audit", "verify", str(export), "--head", last["hash"])
    for form in ("json", "csv"):
        file = tmp_path / f"audit.{form}"
        file.write_bytes(api.get("/api/v2/logs/export", params={"format": form}).content)
        assert "rows are consistent" in output("audit", "verify", str(file))


def test_a_filtered_export_verifies_and_says_what_is_left_out(api: httpx.Client, export: Path, tmp_path: Path) -> None:
    key = api.get("/api/v2/keys").json()["data"][1]["id"]
    api.patch(f"/api/v2/keys/{key}", json={"name": "renamed"})
    file = tmp_path / "filtered.ndjson"
    file.write_text(api.get("/api/v2/logs/export", params={"target": key}).text)
    assert "pass --filtered" in refusal(run_cli("audit", "verify", str(file)))
    assert "ranges are missing" in output("audit", "verify", str(file), "--filtered")


def test_a_row_taken_out_of_the_middle_is_missed(export: Path) -> None:
    lines = export.read_text().splitlines(keepends=True)
    export.write_text("".join([*lines[:2], *lines[3:]]))
    assert "row 3 is missing" in refusal(run_cli("audit", "verify", str(export)))
    export.write_text("".join([*lines[:1], *lines[3:]]))
    assert "rows 2 to 3 are missing" in refusal(run_cli("audit", "verify", str(export)))


NAMES = [
    *("'", "''", "'=1", "''=1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"),
    *('"', '""', ",", ";", "a,b\"c'd", "line\nbreak", "line\r\nbreak", "\r", " lead", "trail ", "null", "{}", "1e5"),
    *("Grüße Ω 東京 😀", "\u2028\u2029", "\x00\x1b[2J", "\ufeffbom", "é", "x" * 200),
]


def test_an_export_verifies_whatever_the_names(api: httpx.Client, tmp_path: Path) -> None:
    for name in NAMES:
        assert api.post("/api/v2/devices", json={"name": name, "description": name * 9}).status_code in (201, 400), name
    for form in ("csv", "json", "ndjson"):
        file = tmp_path / f"names.{form}"
        file.write_bytes(api.get("/api/v2/logs/export", params={"format": form}).content)
        assert "rows are consistent" in output("audit", "verify", str(file)), form
    with (tmp_path / "names.csv").open(encoding="utf-8", newline="") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))] == []
    assert "'=cmd|' /C calc'!A0" in cells


def test_an_older_export_in_csv_verifies_too(api: httpx.Client, tmp_path: Path) -> None:
    """Only cells that begin like a formula were quoted once, and a name that begins with a quote mark was left as it is."""
    for name in ("'quoted", "=1+1"):
        assert api.post("/api/v2/devices", json={"name": name}).status_code == 201
    text = api.get("/api/v2/logs/export", params={"format": "csv"}).text
    assert "''quoted" in text
    file = tmp_path / "older.CSV"
    file.write_text(text.replace("''quoted", "'quoted"), newline="")
    assert "rows are consistent" in output("audit", "verify", str(file))


def test_tampering_is_found(export: Path) -> None:
    lines = export.read_text().splitlines(keepends=True)
    forged = json.loads(lines[1]) | {"ip": "203.0.113.1"}
    changed = [lines[0], json.dumps(forged) + "\n", *lines[2:]]
    for text, told in (
        ("".join(changed), "row 2 was changed"),
        ("".join([*lines[:2], lines[1], *lines[2:]]), "comes after"),
        ("".join(reversed(lines)), "comes after"),
        ("nonsense", "is not an export"),
        ("", "no rows"),
        ('{"seq": 1}', "is not an export"),
    ):
        export.write_text(text)
        assert told in refusal(run_cli("audit", "verify", str(export)))


def test_a_head_that_was_stored_earlier_is_found_in_a_later_export(export: Path) -> None:
    earlier = json.loads(export.read_text().splitlines()[0])
    assert "rows are consistent" in output("audit", "verify", str(export), "--head", earlier["hash"])


def test_rows_cut_off_at_the_end_show_against_a_head(export: Path) -> None:
    lines = export.read_text().splitlines(keepends=True)
    head = json.loads(lines[-1])["hash"]
    export.write_text("".join(lines[:-1]))
    assert "later rows are missing" in refusal(run_cli("audit", "verify", str(export), "--head", head))
