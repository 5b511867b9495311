"""`penstock import` at the user's level."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec

from tests.cli.commands import refusal
from tests.cli.imports.imported import Target, written


def test_a_file_is_imported_once_and_anew_only_if_that_is_said(target: Target, tmp_path: Path) -> None:
    devices = target.devices(3)
    file = written(tmp_path / "readings.csv", devices, 300, {"state": "open", "power.active": "1.5"})
    done = target.run("import", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{file}: 300 records: 300 stored in ")
    assert target.stored(devices[0])[0]["data"] == {"n": 0, "state": "open", "power": {"active": 1.5}}
    assert "was imported before, 300 records; pass --again" in target.run("import", str(file)).stdout
    again = target.run("import", str(file), "--again", "--json")
    report = msgspec.json.decode(again.stdout)
    assert {name: report[name] for name in ("records", "accepted", "duplicates", "rejected", "sent")} == {
        "records": 300,
        "accepted": 300,
        "duplicates": 0,
        "rejected": 0,
        "sent": 300,
    }
    assert target.values(devices) == dict.fromkeys(range(300), 2)


def test_a_device_for_all_readings_and_readings_of_now(target: Target, tmp_path: Path) -> None:
    (device,) = target.devices()
    file = tmp_path / "values.txt.gz"
    file.write_bytes(gzip.compress(b"n;label\n1;007\n2;x\n"))
    done = target.run("import", str(file), "--device", device, "--without-times", "--text", "label")
    assert done.returncode == 0, done.stderr
    assert [row["data"] for row in target.stored(device)] == [{"n": 1, "label": "007"}, {"n": 2, "label": "x"}]


def test_rejected_records_are_in_a_file_and_the_status_says_so(target: Target, tmp_path: Path) -> None:
    (device,) = target.devices()
    file = tmp_path / "readings.csv"
    file.write_text(f"device,time,n\n{device},1777713304,1\n{device},yesterday,2\n{device},1777713306\n")
    done = target.run("import", str(file))
    beside = tmp_path / "readings.csv.rejected.ndjson"
    assert done.returncode == 1
    assert f"penstock: {file}: 2 records were rejected, see {beside}" in done.stderr
    rows = [msgspec.json.decode(line) for line in beside.read_bytes().splitlines()]
    assert [(one["row"], one["field"]) for one in rows] == [(2, "time"), (3, "")]
    assert rows[0]["content"] == [device, "yesterday", "2"]
    assert target.run("import", str(file)).returncode == 1


def test_a_file_that_changed_in_between_or_lies_too_long_is_not_taken_up_unnoticed(target: Target, tmp_path: Path) -> None:
    devices = target.devices(1)
    own = Target(target.server, tmp_path)
    file = written(tmp_path / "readings.csv", devices, 50)
    assert own.run("import", str(file)).returncode == 0
    (noted,) = (tmp_path / "state").rglob("*.json")
    progress = msgspec.json.decode(noted.read_bytes())
    noted.write_bytes(msgspec.json.encode(progress | {"done": False, "saved_s": progress["saved_s"] - 100_000}))
    assert "pass --late to continue" in refusal(own.run("import", str(file)))
    late = own.run("import", str(file), "--late")
    assert late.returncode == 0, late.stderr
    noted.write_bytes(msgspec.json.encode(progress | {"done": False}))
    file.write_text(file.read_text() + f"{devices[0]},1777713304,50\n")
    assert "has changed since its import was interrupted after 50 records" in refusal(own.run("import", str(file)))
    noted.write_bytes(msgspec.json.encode(progress))
    longer = own.run("import", str(file))  # a file that was imported whole, and is another one now
    assert "51 records" in longer.stdout


def test_what_cannot_be_imported_is_one_line(target: Target, tmp_path: Path) -> None:
    assert "No such file" in refusal(target.run("import", str(tmp_path / "none.csv")))
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    assert "has no column 'time'" in refusal(target.run("import", str(tmp_path / "a.csv")))
    (tmp_path / "empty.csv").write_text("")
    assert "penstock" not in refusal(target.run("import", str(tmp_path / "empty.csv")))
    assert refusal(target.run("import", str(tmp_path / "a.csv"), "--parallel", "0"), 2)
