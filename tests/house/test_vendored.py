"""Files of other projects are listed in one manifest, with version, licence and hash, and ask no other server for anything."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from penstock.api.system import docs

from .tree import SRC

MANIFEST: dict[str, Any] = tomllib.loads((SRC / "vendored.toml").read_text("utf-8"))
OWN = ("api/system/static/pages/docs.js", "api/system/static/pages/redoc.js", "adapters/sandbox/library/text.js")
CONSOLE = "api/console/static"
OF_OTHERS = f"{CONSOLE}/vendor"
"""In the console's folder all below this is of other projects, of whatever kind; the rest is our own."""
KINDS = (".js", ".css", ".woff", ".woff2", ".svg", ".png", ".wasm", ".ttf")
LOADS = re.compile(rb"""(?:\bsrc:|\bsrc=|url\(|@import|importScripts\(|fetch\()\s*["'`(]?\s*(?:https?:)?//[^"'`)\s]+""")
"""An address of another server in a place from which a browser loads it by itself."""


def listed() -> dict[str, str]:
    """The hash of each file by its path below the package."""
    return {f"{about['folder']}/{name}": digest for about in MANIFEST.values() for name, digest in about["sha256"].items()}


def shipped() -> list[Path]:
    vendored = [path for path in (SRC / OF_OTHERS).rglob("*") if path.is_file() and "LICENSE" not in path.name]
    return sorted({*vendored, *(path for path in SRC.rglob("*") if path.suffix in KINDS)})


def is_of_the_console(name: str) -> bool:
    return name.startswith(f"{CONSOLE}/") and not name.startswith(f"{OF_OTHERS}/")


def test_every_file_that_a_browser_a_codec_or_a_document_uses_is_listed_or_our_own() -> None:
    found = {path.relative_to(SRC).as_posix() for path in shipped()}
    assert {name for name in found if not is_of_the_console(name)} == {*listed(), *OWN}


def test_every_file_is_the_one_that_was_listed() -> None:
    found = {name: hashlib.sha256((SRC / name).read_bytes()).hexdigest() for name in listed()}
    assert found == listed()


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_each_has_a_version_and_a_licence_with_its_text(name: str) -> None:
    about = MANIFEST[name]
    assert re.fullmatch(r"\d+\.\d+\.\d+", about["version"])
    assert about["licence"] in ("0BSD", "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "OFL-1.1")
    assert (SRC / about["folder"] / "LICENSE").stat().st_size > 500
    assert about["changed"]


def test_the_pages_name_the_versions_of_the_manifest() -> None:
    found = {version for page in (docs._SWAGGER_UI_PAGE, docs._REDOC_PAGE) for version in re.findall(r"\?v=(\d+\.[\d.]+)", page)}
    assert found == {MANIFEST["swagger-ui"]["version"], MANIFEST["redoc"]["version"]}


def test_nothing_shipped_names_a_source_map() -> None:
    assert [path.name for path in shipped() if re.search(rb"[#@] sourceMappingURL=\S+\.map", path.read_bytes())] == []


def test_nothing_shipped_loads_from_another_server() -> None:
    assert {path.name: found for path in shipped() if (found := LOADS.findall(path.read_bytes()))} == {}
    assert LOADS.search(b'src:"https://cdn.example.org/logo.svg"')
    assert LOADS.search(b"url(//fonts.example.org/a.woff)")
