"""docs/errors.md lists exactly the error codes that the program can give."""

from __future__ import annotations

import importlib
import pkgutil
import re

import penstock
from penstock.kit.errors import REGISTRY

from .tree import ROOT, SRC

TABLE = ROOT / "docs" / "errors.md"
ROW = re.compile(r"^\|\s*`(?P<code>[a-z0-9_.]+)`\s*\|\s*`?(?P<kind>[a-z_]+)`?\s*\|", re.MULTILINE)


def defined() -> dict[str, str]:
    """Code to kind of every error class in the package; those that tests define are not the program's."""
    for module in pkgutil.walk_packages(penstock.__path__, "penstock."):
        # Importing a __main__ would start the program.
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    return {code: str(cls.kind) for code, cls in REGISTRY.items() if cls.__module__.startswith("penstock.")}


def documented() -> dict[str, str]:
    text = TABLE.read_text("utf-8") if TABLE.exists() else ""
    return {match["code"]: match["kind"] for match in ROW.finditer(text)}


def deleted_dialects() -> set[str]:
    """Vendors whose page is in the documentation, as that is not deleted with the dialect."""
    vendors = {path.stem for path in (ROOT / "docs" / "surfaces").glob("*.md")}
    return {name for name in vendors if not (SRC / "api" / "dialects" / name).is_dir()}


def test_every_error_is_documented_and_no_other() -> None:
    wanted, found = defined(), documented()
    missing = [f"| `{code}` | {kind} | … |" for code, kind in sorted(wanted.items()) if found.get(code) != kind]
    gone = deleted_dialects()
    unknown = sorted(code for code in set(found) - set(wanted) if code.partition(".")[0] not in gone)
    assert not missing, "rows missing from docs/errors.md, or with another kind:\n" + "\n".join(missing)
    assert not unknown, f"docs/errors.md lists codes that no error has: {unknown}"


def test_codes_are_dotted_and_snake_case() -> None:
    assert [code for code in defined() if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", code)] == []
