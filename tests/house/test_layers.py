"""The import contracts can fail: each is shown one planted import that breaks it, and a clean tree that does not.

`make layers` runs the same contracts over the real tree.
"""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from .tree import ROOT, parsed, python_files, shown

# contract -> (importer, imported): one import that only this rule forbids, or that shows its sharpest edge
PLANTED = {
    "layers": ("core.devices.service", "penstock.api.shared"),
    "nouns": ("core.devices.models", "penstock.core.telemetry.fields"),
    "demo": ("settings", "penstock.demo"),
    "adapters-named-in-bootstrap": ("settings", "penstock.adapters.bus.memory"),
    "dialects-named-in-bootstrap": ("api.shared", "penstock.api.dialects.kaito.routes"),
    "console-calls-the-api": ("api.console.things.pages", "penstock.core.devices.service"),
    "adapters-independent": ("adapters.bus.memory", "penstock.adapters.storage.pool"),
    "protocols-independent": ("ingress.mqtt.server", "penstock.ingress.http.server"),
    "dialects-independent": ("api.dialects.kaito.routes", "penstock.api.dialects.iottly.wire"),
    "no-io": ("core.devices.service", "asyncio"),
    "sans-io": ("ingress.mqtt.protocol", "socket"),
    "agent-wire": ("ingress.http.server", "penstock_agent.wire"),
    "client-library": ("workers.rules", "penstock_client"),
}

CLEAN = {
    "kit.ids": "import secrets",
    "core.sensor": "import enum",
    "core.devices.models": "import penstock.core.sensor",
    "core.devices.service": "import penstock.kit.ids, penstock.core.devices.models",
    "core.telemetry.fields": "import penstock.core.sensor",
    "core.telemetry.service": "import penstock.core.devices.service",
    "demo": "import penstock.kit.ids",
    "ingress.http.server": "import asyncio, penstock.core.devices.service",
    "ingress.mqtt.server": "import asyncio, penstock.ingress.mqtt.protocol",
    "ingress.mqtt.protocol": "import struct",
    "ingress.agents.server": "import penstock_agent.wire",
    "api.shared": "import penstock.core.devices.service",
    "api.console.shared.application": "import penstock.core.people.browser_sessions, penstock.api.shared",
    "api.console.things.pages": "import penstock.kit.ids",
    "api.system.docs": "import penstock.kit.ids",
    "api.v2.devices.routes": "import penstock.api.shared",
    "core.people.browser_sessions": "import penstock.kit.ids",
    "core.people.errors": "import penstock.kit.ids",
    "api.dialects.kaito.routes": "import asyncio, penstock.api.dialects.kaito.wire, penstock.api.shared",
    "api.dialects.kaito.wire": "import msgspec",
    "api.dialects.iottly.wire": "import msgspec",
    "workers.rules": "import penstock.core.devices.service",
    "adapters.bus.memory": "import asyncio",
    "adapters.storage.config": "import msgspec",
    "adapters.storage.pool": "import sqlite3, penstock.adapters.storage.config",
    "settings": "import penstock.adapters.storage.config",
    "bootstrap": "import penstock.adapters.bus.memory, penstock.api.dialects.kaito.routes, penstock.demo",
    "cli.main": "import penstock.bootstrap, penstock.demo, penstock_client",
}


def contract_names() -> dict[str, str]:
    """Contract id to the name that the report shows."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", "utf-8")
    prefix = "importlinter:contract:"
    return {key.removeprefix(prefix): config[key]["name"] for key in config.sections() if key.startswith(prefix)}


def write_tree(root: Path, modules: dict[str, str]) -> None:
    """A package named penstock with these modules; every folder on the way becomes a package."""
    for name, source in modules.items():
        path = root.joinpath("penstock", *name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source + "\n")
    for folder in {path.parent for path in root.rglob("*.py")}:
        for package in (folder, *folder.parents):
            if package != root and package.is_relative_to(root):
                (package / "__init__.py").touch()


def lint_imports(root: Path) -> str:
    """The report of import-linter over a planted tree, with the contracts of the repository."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    answer = subprocess.run(
        [*command, "--config", ROOT / ".importlinter"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def broken_report(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("broken")
    modules = dict(CLEAN)
    for importer, imported in PLANTED.values():
        modules[importer] = f"{modules[importer]}\nimport {imported}"
    write_tree(root, modules | {"gadgets": "", "core.widgets.models": ""})
    return lint_imports(root)


def test_a_clean_tree_keeps_every_contract(tmp_path: Path) -> None:
    write_tree(tmp_path, CLEAN)
    report = lint_imports(tmp_path)
    assert f"Contracts: {len(contract_names())} kept, 0 broken." in report, report


def test_every_contract_has_a_planted_import() -> None:
    assert set(PLANTED) == set(contract_names())


@pytest.mark.parametrize("contract", sorted(PLANTED))
def test_a_planted_import_breaks_the_contract(contract: str, broken_report: str) -> None:
    assert f"{contract_names()[contract]} BROKEN" in broken_report, broken_report
    importer, imported = PLANTED[contract]
    target = imported if imported.startswith("penstock.") else imported.partition(".")[0]
    assert f"penstock.{importer} -> {target} (l." in broken_report, broken_report


def test_an_unlisted_folder_breaks_the_layers(broken_report: str) -> None:
    assert "- penstock.gadgets" in broken_report


def test_an_unlisted_noun_breaks_the_layers_of_core(broken_report: str) -> None:
    assert "- penstock.core.widgets" in broken_report


def imported_packages(tree: ast.Module) -> set[str]:
    """First components of everything a module imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_agent_never_imports_the_server() -> None:
    agent = [path for path in python_files("agent") if "tests" not in path.parts]
    assert [shown(path) for path in agent if "penstock" in imported_packages(parsed(path))] == []
