"""The doctor finds what is wrong, and nothing where nothing is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage import machine
from penstock.cli import checks
from penstock.cli.checks import examine
from penstock.core.system.models import Check, Status
from penstock.kit.clock import DAY_US
from tests.cli.older import older_data_dir
from tests.support.server import RunningServer

pytestmark = pytest.mark.usefixtures("free_port")


def examined(data_dir: Path) -> dict[str, Check]:
    return {check.name: check for check in examine(data_dir, None)}


def sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def segment_of(data_dir: Path) -> Path:
    return min((data_dir / "telemetry").glob("*.db"))


def spoil(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + 512] = b"\xff" * 512
    path.write_bytes(content)


def test_an_empty_directory_is_only_warned_of(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    found = examined(tmp_path)
    assert {name for name, check in found.items() if check.status is Status.FAIL} == set()
    assert found["penstock.db"].status is found["secret.key"].status is Status.WARN
    assert list(tmp_path.iterdir()) == []


BROKEN: dict[str, tuple[Callable[[Path], object], str, Status, str]] = {
    "secret readable": (lambda d: (d / "secret.key").chmod(0o644), "secret.key", Status.FAIL, "chmod 600"),
    "secret damaged": (lambda d: (d / "secret.key").write_text("zz"), "secret.key", Status.FAIL, "damaged"),
    "open directory": (lambda d: d.chmod(0o755), "permissions", Status.WARN, "chmod 700"),
    "damaged database": (lambda d: spoil(d / "penstock.db", 4096), "penstock.db", Status.FAIL, "restore a backup"),
    "no database at all": (lambda d: spoil(d / "penstock.db", 0), "penstock.db", Status.FAIL, "not a database"),
    "newer schema": (lambda d: sql(d / "penstock.db", "PRAGMA user_version = 99"), "penstock.db", Status.FAIL, "newer"),
    "relaxed": (
        lambda d: (d / "penstock.toml").write_text('[log]\ndangerous_durability = "relaxed"\n'),
        "durability",
        Status.WARN,
        "power cut",
    ),
    "bad settings": (lambda d: (d / "penstock.toml").write_text("[http]\nprot = 1\n"), "settings", Status.FAIL, "http.prot"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_is_found(data_dir: Path, case: str) -> None:
    change, name, status, detail = BROKEN[case]
    change(data_dir)
    found = examined(data_dir)
    assert found[name].status is status
    assert detail in found[name].detail
    wrong = {one for one, check in found.items() if check.status is Status.FAIL}
    assert wrong == ({name} if status is Status.FAIL else set())


def test_an_older_schema_is_only_warned_of(tmp_path: Path) -> None:
    older_data_dir(tmp_path / "data")
    found = examined(tmp_path / "data")["penstock.db"]
    assert found.status is Status.WARN
    assert "the next start migrates it to" in found.detail


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda path: spoil(path, 5 * 4096), "move it away"),
        (lambda path: sql(path, "PRAGMA user_version = 99"), "newer"),
        (lambda path: sql(path, "DELETE FROM segment"), "its description is missing"),
    ],
)
def test_a_damaged_segment_is_found(data_dir: Path, change: Callable[[Path], None], detail: str) -> None:
    segment = segment_of(data_dir)
    change(segment)
    found = examined(data_dir)
    check = found[f"telemetry/{segment.name}"]
    assert check.status is Status.FAIL
    assert detail in check.detail
    assert "segments" not in found


def second_segment(data_dir: Path, day: str, base_seq: int) -> str:
    first = segment_of(data_dir)
    copy = first.with_name(f"{day}.db")
    shutil.copy(first, copy)
    sql(copy, f"UPDATE segment SET day = '{day}', base_seq = {base_seq}, last_seq = {base_seq + 600}")
    return f"telemetry/{copy.name}"


def test_the_order_of_segments_is_checked(data_dir: Path) -> None:
    name = second_segment(data_dir, "2098-01-01", 600)
    assert examined(data_dir)["sequence"].detail == "unbroken from 1 to 1200"
    sql(data_dir / name, "UPDATE segment SET base_seq = 650")
    found = examined(data_dir)[name]
    assert (found.status, found.detail) == (Status.WARN, "readings from seq 601 to 650 are missing before it")
    sql(data_dir / name, "UPDATE segment SET base_seq = 599")
    assert examined(data_dir)[name].status is Status.FAIL


def test_a_segment_of_the_future_is_warned_of(data_dir: Path) -> None:
    assert examined(data_dir)["clock"].status is Status.OK
    second_segment(data_dir, "2098-01-01", 600)
    found = examined(data_dir)["clock"]
    assert found.status is Status.WARN
    assert "the newest segment is for 2098-01-01" in found.detail


def test_the_newest_segment_is_the_one_with_the_newest_readings(data_dir: Path) -> None:
    """Of a clock that was ahead, and is right again, an older segment has the later day."""
    second_segment(data_dir, "2098-01-01", 600)
    third = segment_of(data_dir).with_name("2030-01-01.db")
    shutil.copy(segment_of(data_dir), third)
    sql(third, "UPDATE segment SET day = '2030-01-01', base_seq = 1200, last_seq = 1800")
    sql(data_dir / "penstock.db", "UPDATE consumers SET seq = 1800")
    found = examined(data_dir)
    assert found["segments"].detail == "3 sound, the last reading has seq 1800"
    assert "newest segment" not in found


def test_consumers_of_other_logs_have_processed_no_readings(data_dir: Path) -> None:
    others = "('alerts_connectivity', 998), ('webhooks.audit.5', 999)"
    sql(data_dir / "penstock.db", f"INSERT OR REPLACE INTO consumers VALUES {others}")
    assert "newest segment" not in examined(data_dir)
    sql(data_dir / "penstock.db", "INSERT OR REPLACE INTO consumers VALUES ('rules', 999)")
    assert examined(data_dir)["newest segment"].status is Status.FAIL


def test_a_bit_that_turned_in_an_index_is_found(data_dir: Path) -> None:
    path = data_dir / "penstock.db"
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = [
            page
            for (page,) in connection.execute("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'users' AND type = 'index'")
        ]
    (at,) = {at for page in pages if (at := content.find(b"@example.org", (page - 1) * size, page * size)) >= 0}
    content[at] ^= 2
    path.write_bytes(content)
    assert examined(data_dir)["penstock.db"].status is Status.FAIL


def test_a_text_about_damage_that_is_none_itself_ends_no_check(data_dir: Path) -> None:
    """SQLite quotes the damaged text, which the driver then cannot decode."""
    segment = segment_of(data_dir)
    at = (content := bytearray(segment.read_bytes())).find(b"NOT NULL")
    content[at : at + 8] = b"NOT NUL\xcc"
    segment.write_bytes(content)
    found = examined(data_dir)
    assert found[f"telemetry/{segment.name}"].status is Status.FAIL
    assert found["workers"].status is Status.WARN


def test_a_clock_behind_the_newest_reading_is_warned_of(data_dir: Path) -> None:
    # Without its checksum, which would no longer match.
    sql(segment_of(data_dir), f"UPDATE readings SET delay_us = delay_us + {DAY_US}, flags = flags & 31 WHERE seq = 600")
    found = examined(data_dir)["clock"]
    assert found.status is Status.WARN
    assert "a reading arrived at" in found.detail


def test_low_space_and_a_slow_disk_are_warned_of(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LOW_SHARE", 1.0)
    monkeypatch.setattr(checks, "SLOW_SYNC_S", 0.0)
    found = examined(data_dir)
    assert found["disk space"].status is found["disk sync"].status is Status.WARN


def test_a_port_that_another_program_has_is_found(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PING_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PENSTOCK_HTTP_PORT", str(taken.getsockname()[1]))
        found = examined(data_dir)["port"]
        assert found.status is Status.FAIL
        assert "the server there is not Penstock" in found.detail
        # A server that runs was told another address: the setting is only odd then.
        with (data_dir / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert examined(data_dir)["port"].status is Status.WARN


def test_a_penstock_on_another_directory_is_warned_of(
    data_dir: Path, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_HTTP_PORT", server.base_url.rpartition(":")[2])
    found = examined(data_dir)["port"]
    assert found.status is Status.WARN
    assert "but does not use this directory" in found.detail


def test_the_doctor_takes_no_lock_away(data_dir: Path) -> None:
    examined(data_dir)
    descriptor = os.open(data_dir / "lock", os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)


def test_the_mqtt_port_is_looked_at_too(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PENSTOCK_MQTT_PORT", str(port))
        check = examined(data_dir)["mqtt port"]
        assert (check.status, check.detail) == (Status.FAIL, f"cannot listen on 127.0.0.1:{port}: Address already in use")
    assert examined(data_dir)["mqtt port"].detail == f"127.0.0.1:{port} is free"
    monkeypatch.setenv("PENSTOCK_MQTT_ENABLED", "false")
    assert examined(data_dir)["mqtt port"].detail == "MQTT is disabled"


def test_the_port_for_mails_is_looked_at_if_mails_are_received(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "mail port" not in examined(data_dir)
    monkeypatch.setenv("PENSTOCK_INBOX_MAIL_LISTEN", "true")
    monkeypatch.setenv("PENSTOCK_INBOX_MAIL_DOMAINS", "codes.example")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PENSTOCK_INBOX_MAIL_PORT", str(port))
        check = examined(data_dir)["mail port"]
        assert (check.status, check.detail) == (Status.FAIL, f"cannot listen on 127.0.0.1:{port}: Address already in use")
    assert examined(data_dir)["mail port"].detail == f"127.0.0.1:{port} is free"


def test_without_a_setting_that_names_it_a_taken_mqtt_port_is_a_warning(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PENSTOCK_MQTT_PORT", raising=False)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # then another program has it
            stack.enter_context(socket.create_server(("127.0.0.1", 1883)))
        check = examined(data_dir)["mqtt port"]
    assert check.status is Status.WARN
    assert check.detail.endswith("the server starts without MQTT, as no setting names the port")
