"""buf runs, and what it says is passed on."""

from __future__ import annotations

from pathlib import Path

from clients.generator.buf import buf, told


def test_what_buf_finds_is_told_with_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.proto").write_text('syntax = "proto3";\npackage notes.v1;\nmessage note {}\n')
    done = buf("lint", str(tmp_path))
    assert done.returncode == 100
    assert 'notes.proto:3:9:Message name "note" should be PascalCase' in told(done)


def test_what_buf_cannot_do_is_told_too(tmp_path: Path) -> None:
    done = buf("build", str(tmp_path / "missing"))
    assert done.returncode == 1
    assert "missing" in told(done)
