"""`penstock audit verify`: an export of a real server, whole, filtered, and tampered with in every way."""

from __future__ import annotations

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
    assert "ranges are missing" in output("audit", "verify", str(file))


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
