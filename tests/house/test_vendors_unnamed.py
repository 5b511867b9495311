"""Only dialects name their vendors: what is a vendor's is brought by its dialect, and the rest says it in its own words."""

from __future__ import annotations

import re
from pathlib import Path

from .tree import SRC, shown

PACKED = {".gz"}
PROVIDERS = {"twilio"}
"""Dialects whose vendor is a provider too: its name is a kind of SMS account, as those of network servers are of connections."""
VENDORS = re.compile(r"siliconwit|datakubo|iottly|kaito|kilo", re.IGNORECASE)


def texts_below(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [path for path in files if b"\0" not in path.read_bytes() and path.suffix not in PACKED]


def namings(folder: Path, *without: Path) -> list[str]:
    """Where a vendor is named, in whatever kind of text or in its path, apart from some folders."""
    found = []
    for path in texts_below(folder):
        if any(path.is_relative_to(other) for other in without):
            continue
        if VENDORS.search(str(path.relative_to(folder))):
            found.append(f"{path}: its path")
        lines = path.read_text("utf-8").splitlines()
        found += [f"{path}:{number}" for number, line in enumerate(lines, 1) if VENDORS.search(line)]
    return found


def test_no_vendor_is_named() -> None:
    assert [naming.replace(str(SRC), shown(SRC)) for naming in namings(SRC, SRC / "api" / "dialects")] == []


def test_every_vendor_is_looked_for() -> None:
    dialects = {path.parent.name for path in (SRC / "api" / "dialects").glob("*/__init__.py")}
    assert dialects - PROVIDERS <= set(VENDORS.pattern.split("|"))


def test_a_naming_is_found(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "words.py").write_text('"""Plain."""\n# as KAITO does\nx = "SiliconWit"\n')
    (tmp_path / "kilo.toml").write_text("")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "kaito.py").write_text("")
    assert namings(tmp_path, tmp_path / "own") == [
        f"{tmp_path}/inner/words.py:2",
        f"{tmp_path}/inner/words.py:3",
        f"{tmp_path}/kilo.toml: its path",
    ]
