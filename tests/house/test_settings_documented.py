"""Every setting carries a comment in default.toml, or in that of its dialect, and is named in the guide."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .tree import ROOT, SRC, shown

DEFAULTS = [SRC / "default.toml", *sorted((SRC / "api" / "dialects").glob("*/default.toml"))]
GUIDE = ROOT / "docs" / "guide" / "settings.md"
SECTION = re.compile(r"^\[(?P<name>[\w.-]+)\]\s*(#.*)?$")
KEY = re.compile(r"^(?P<key>[\w-]+)\s*=")


def leaves(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted names of everything that is set; a table that is a value of its own is found by its parts."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def commented_keys(text: str) -> dict[str, bool]:
    """Dotted name of each key line, and whether the line before it is a comment."""
    known = set(leaves(tomllib.loads(text)))
    found: dict[str, bool] = {}
    section, before = "", ""
    for line in map(str.strip, text.splitlines()):
        if match := SECTION.match(line):
            section = f"{match['name']}."
        elif (match := KEY.match(line)) and section + match["key"] in known:
            found[section + match["key"]] = before.startswith("#") and len(before.strip("# ")) > 0
        before = line
    return found


def uncommented(text: str) -> list[str]:
    found = commented_keys(text)
    return sorted(name for name in leaves(tomllib.loads(text)) if not found.get(name))


def unnamed(text: str, guide: str) -> list[str]:
    return sorted(name for name in leaves(tomllib.loads(text)) if not re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", guide))


@pytest.mark.parametrize("defaults", DEFAULTS, ids=shown)
def test_every_setting_has_a_comment_before_it(defaults: Path) -> None:
    assert uncommented(defaults.read_text("utf-8")) == []


@pytest.mark.parametrize("defaults", DEFAULTS, ids=shown)
def test_every_setting_is_named_in_the_guide(defaults: Path) -> None:
    assert unnamed(defaults.read_text("utf-8"), GUIDE.read_text("utf-8")) == []


def test_a_missing_comment_or_name_is_found() -> None:
    text = '[http]\n# Where to listen.\naddress = "x"\nport = 1\n\n# Hosts.\nhosts = [\n  "a",\n]\n'
    text += '[log.file]\n#\npath = "x"\n'
    assert uncommented(text) == ["http.port", "log.file.path"]
    assert unnamed(text, "`http.address`, `http.port_range`, `http.hosts`, log.file.path") == ["http.port"]
