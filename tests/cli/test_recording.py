"""Acts of the operator: `tests/security/test_command_line.py` finds each in the audit log."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.cli.recording import record_done


def test_what_cannot_be_recorded_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record_done(tmp_path / "gone", "this backup", "server.backup", 1, {})
    assert "the audit log does not record this backup: unable to open database file" in capsys.readouterr().err
