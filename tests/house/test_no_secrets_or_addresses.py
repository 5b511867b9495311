"""No file of the repository holds a secret, the address of a package index or a path of the machine it was built on.

What must not occur is put together from pieces here, so that this file passes its own test.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from .tree import ROOT, committed_files, shown

HOSTS = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("registry-1", "docker", "io"),
    )
]
ADDRESS = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, HOSTS)) + r")(?![\w-])", re.IGNORECASE)
BUILD_PATH = re.compile(r"(?<![\w.~/:{}$*-])/(" + "work|root|home" + r"/[a-z_][\w-]*)(?=/)")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----\s+[A-Za-z0-9+/=]{40}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abp]-[A-Za-z0-9-]{20}"
)
# Places that need one of these on purpose: {path: reason}.
ALLOWED: dict[str, str] = {}

LOCKS = sorted(ROOT.glob("requirements*.txt"))
PINNED = re.compile(r"(?P<name>[\w.-]+)(\[[\w,-]+\])?==\S+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n")


@functools.cache
def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def matches(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in committed_files():
        text = text_of(path)
        found += [
            f"{shown(path)}:{text.count(chr(10), 0, match.start()) + 1} {match.group()[:40]}"
            for match in pattern.finditer(text)
            if shown(path) not in ALLOWED
        ]
    return found


def test_no_file_names_a_package_index() -> None:
    assert matches(ADDRESS) == []


def test_no_file_names_a_path_of_the_build_machine() -> None:
    assert matches(BUILD_PATH) == []


def test_no_file_holds_a_secret() -> None:
    assert matches(SECRET) == []


@pytest.mark.parametrize("path", LOCKS, ids=[path.name for path in LOCKS])
def test_a_lock_file_holds_pins_and_hashes_only(path: Path) -> None:
    rest = PINNED.sub("", text_of(path))
    assert [line for line in rest.splitlines() if line.strip() and not line.startswith("#")] == []
    assert "://" not in text_of(path)


def test_what_must_not_occur_is_recognised() -> None:
    assert ADDRESS.search(f"https://files.{HOSTS[2]}/packages")
    assert not ADDRESS.search(f"https://my-{HOSTS[0]}/")
    for folder in ("work", "root", "home/someone"):
        assert BUILD_PATH.search(f'open("/{folder}/main")')
        assert not BUILD_PATH.search(f"https://example.com/{folder}/main")
    assert SECRET.search("-----BEGIN EC PRIVATE" + " KEY-----\n" + "A" * 64)
    assert not PINNED.fullmatch("httpx==0.28.1\n")
    assert PINNED.fullmatch("httpx==0.28.1 \\\n    --hash=sha256:" + "0" * 64 + "\n")
