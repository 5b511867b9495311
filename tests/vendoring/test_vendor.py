"""The libraries of the console are those of the lock, the lock names no address, and `make vendor` writes the same again."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import SRC
from vendoring import vendor

MANIFEST: dict[str, Any] = tomllib.loads((SRC / "vendored.toml").read_text("utf-8"))
WANTED: dict[str, str] = json.loads((vendor.HERE / "package.json").read_text("utf-8"))["dependencies"]
LOCK: dict[str, Any] = json.loads((vendor.HERE / "package-lock.json").read_text("utf-8"))["packages"]
LARGEST = 200_000
"""Bytes of a script or style sheet, compressed. A page has at most 250 kB of both, of which its own and htmx are some 40."""


def below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_library_has_the_version_of_the_lock() -> None:
    listed = {library.package: MANIFEST[library.name]["version"] for library in vendor.LIBRARIES}
    assert listed == {package: WANTED[package] for package in listed}
    assert {name: LOCK[f"node_modules/{name}"]["version"] for name in WANTED} == WANTED


def test_the_lock_has_hashes_and_no_addresses() -> None:
    packages = {name: about for name, about in LOCK.items() if name}
    assert [name for name, about in packages.items() if not about["integrity"].startswith("sha512-") or "resolved" in about] == []


def test_no_folder_is_left_over() -> None:
    assert {path.name for path in (SRC / vendor.FOLDER).iterdir()} == {library.name for library in vendor.LIBRARIES}


def test_no_script_or_style_sheet_is_too_large_for_a_page() -> None:
    sizes = {
        name: len(gzip.compress(data)) for name, data in below(SRC / vendor.FOLDER).items() if name.endswith((".js", ".css"))
    }
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


def test_the_icons_are_those_that_are_named() -> None:
    icons: dict[str, str] = json.loads((SRC / vendor.FOLDER / "lucide" / "icons.json").read_text("utf-8"))
    assert sorted(icons) == sorted((vendor.HERE / "icons.txt").read_text("utf-8").split())
    shape = r"(<(path|circle|rect|line|polyline|polygon|ellipse)( [\w-]+=\"[\w .,-]+\")+/>)+"
    assert [name for name, inside in icons.items() if not re.fullmatch(shape, inside)] == []


def test_the_outline_of_the_world_is_on_the_globe() -> None:
    path = SRC / vendor.FOLDER / "world" / "world.geojson"
    assert path.stat().st_size <= 120_000
    features = json.loads(path.read_bytes())["features"]
    assert [one["properties"]["kind"] for one in features] == ["land", "borders"]
    assert [one["geometry"]["type"] for one in features] == ["MultiPolygon", "MultiLineString"]
    rings = [ring for polygon in features[0]["geometry"]["coordinates"] for ring in polygon]
    assert all(ring[0] == ring[-1] for ring in rings)
    assert all(-180 <= x <= 180 and -90 <= y <= 90 for ring in rings for x, y in ring)
    edges = [edge for ring in rings for edge in itertools.pairwise(ring)]
    assert [edge for edge in edges if abs(edge[0][0] - edge[1][0]) > 180 and edge[0][1] != -90] == []  # none goes around the back
    x, y = 8.5, 47.4  # Zurich is on land: a ray from it crosses the outlines an odd number of times
    crossing = [(a, b) for a, b in edges if (a[1] > y) != (b[1] > y)]
    assert sum(x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in crossing) % 2 == 1


@pytest.mark.prove
def test_make_vendor_writes_the_same_again(tmp_path: Path) -> None:
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    shutil.copy(SRC / "vendored.toml", tmp_path)
    stale = tmp_path / vendor.FOLDER / "stale" / "stale.js"
    stale.parent.mkdir(parents=True)
    stale.write_text("")
    try:
        vendor.write(tmp_path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"npm could not fetch the packages: {error}")
    assert below(tmp_path / vendor.FOLDER) == below(SRC / vendor.FOLDER)
    assert (tmp_path / "vendored.toml").read_bytes() == (SRC / "vendored.toml").read_bytes()
