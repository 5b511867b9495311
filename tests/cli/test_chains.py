"""What `penstock doctor` says of audit logs, over the database of a server that was tampered with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.cli.chains import broken_chains
from tests.support.server import Org, bootstrap_org, run_cli


@pytest.fixture
def acme(tmp_path: Path) -> Org:
    made = bootstrap_org(tmp_path / "data")
    for act in ("suspend", "resume", "suspend", "resume"):
        assert run_cli("org", act, "--org", "Acme", "--data-dir", str(tmp_path / "data")).returncode == 0
    return made


def change(org: Org, statement: str) -> None:
    with closing(sqlite3.connect(org.data_dir / CONTROL_FILE)) as connection, connection:
        assert connection.execute(statement).rowcount == 1


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE audit_entries SET action = 'org.create' WHERE seq = 3",
            "row 3 was changed: its hash does not match its content",
        ),
        ("DELETE FROM audit_entries WHERE seq = 3", "rows 3 to 3 are missing"),
        ("DELETE FROM audit_entries WHERE seq = 5", "the last row is 4, but the head is row 5"),
        ("DELETE FROM audit_heads", "the last row is 5, but there is no head"),
        ("UPDATE audit_entries SET details = 'x' WHERE seq = 2", "a row after row 1 cannot be read"),
    ],
)
def test_a_changed_log_fails_the_doctor(acme: Org, statement: str, told: str) -> None:
    assert broken_chains(acme.data_dir, in_use=False) == (5, [])
    assert "5 rows are consistent" in doctor(acme, 0)
    change(acme, statement)
    found = broken_chains(acme.data_dir, in_use=False)
    assert found is not None
    assert found[1] == [f"{acme.organization_id}: {told}" + (", or has another hash" if "head is" in told else "")]
    assert told in doctor(acme, 1)


def test_a_database_that_cannot_be_read_is_for_other_checks(tmp_path: Path) -> None:
    assert broken_chains(tmp_path, in_use=False) is None
    (tmp_path / CONTROL_FILE).write_bytes(b"no database at all, but long enough to be looked at" * 20)
    assert broken_chains(tmp_path, in_use=False) is None


def doctor(org: Org, status: int) -> str:
    done = run_cli("doctor", "--data-dir", str(org.data_dir), "--json", environment={"PENSTOCK_HTTP_PORT": "0"})
    assert done.returncode == status, done.stderr
    return done.stdout
