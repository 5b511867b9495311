"""The package as its users get it: installed from the folder, complete, for Python 3.9."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from email import message_from_string
from pathlib import Path

import pytest

from tests.clients.python.scripted import Scripted, said
from tests.support.server import clean_environment

SOURCE = Path(__file__).parents[3] / "clients" / "python"
MODULES = sorted(path.relative_to(SOURCE).as_posix() for path in (SOURCE / "penstock_client").rglob("*.py"))
PROGRAM = """
import penstock_client, sys
with penstock_client.Client.from_environment() as client:
    print(client.devices.get("dev_1")["name"], penstock_client.__file__, {"pandas", "polars", "penstock"} & set(sys.modules))
"""
NEWER = {"Concatenate", "ExceptionGroup", "ParamSpec", "Self", "StrEnum", "TaskGroup", "TypeAlias", "TypeGuard", "UTC"}
NEWER |= {"aiter", "anext", "dataclass(kw_only)", "dataclass(slots)", "pairwise", "zip(strict)"}
"""Names that Python has only since 3.10 or later."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the package was installed, from a copy of the sources."""
    folder = tmp_path_factory.mktemp("package")
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    shutil.copytree(SOURCE, folder / "python", ignore=ignored)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    done = subprocess.run(
        [*install, "--no-build-isolation", "--target", str(folder / "site"), str(folder / "python")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def test_it_is_complete(installed: Path) -> None:
    found = sorted(path.relative_to(installed).as_posix() for path in (installed / "penstock_client").rglob("*.py"))
    assert found == MODULES
    assert (installed / "penstock_client" / "py.typed").exists()
    [metadata] = installed.glob("penstock_client-*.dist-info/METADATA")
    about = message_from_string(metadata.read_text("utf-8"))
    assert (about["Name"], about["Requires-Python"], about["License-Expression"]) == ("penstock-client", ">=3.9", "Apache-2.0")
    assert about.get_payload() == (SOURCE / "README.md").read_text("utf-8")
    assert [path.name for path in metadata.parent.rglob("LICENSE")] == ["LICENSE"]
    needed = {re.split(r"\W", one)[0] for one in about.get_all("Requires-Dist", []) if "extra" not in one}
    assert needed == {"httpx", "typing"}


def test_it_works_where_penstock_is_not_installed(installed: Path, scripted: Scripted) -> None:
    scripted.answers(said(200, {"name": "Pump"}))
    environment = {"PENSTOCK_URL": scripted.url, "PENSTOCK_API_KEY": "psk_1", "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, env=clean_environment(environment),
        cwd=installed,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["Pump", str(installed / "penstock_client" / "__init__.py"), "set()"]


def test_python_3_9_runs_it() -> None:
    """No such Python is on every machine: its grammar, the names that it lacks, and annotations that it must not evaluate."""
    wrong = []
    for module in MODULES:
        tree = ast.parse((SOURCE / module).read_text("utf-8"), module, feature_version=(3, 9))
        later = {name for node in ast.walk(tree) for name in _names(node)} & NEWER
        evaluated = any(isinstance(node, ast.arg) and node.annotation for node in ast.walk(tree)) and not _postponed(tree)
        if later or evaluated:
            wrong.append((module, later, evaluated))
    assert wrong == []


def _names(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {alias.name for alias in node.names} if node.module != "typing_extensions" else set()
    if isinstance(node, ast.Call):
        return {f"{ast.unparse(node.func)}({one.arg})" for one in node.keywords}
    return {node.id} if isinstance(node, ast.Name) else {node.attr} if isinstance(node, ast.Attribute) else set()


def _postponed(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
