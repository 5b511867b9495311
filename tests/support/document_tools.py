"""Programs of others that judge the OpenAPI document, and generate clients from it.

They come from `make tools`, pinned in `tests/api/shared/openapi/document/tools`. Where one is missing, its tests skip.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import CEILING_S

HOME = Path(__file__).parents[1] / "api" / "shared" / "openapi" / "document" / "tools"
PACKAGES = Path(sys.prefix) / "node" / "node_modules"
GO_GENERATOR = Path(sys.prefix) / "openapi-generator" / "openapi_generator_cli" / "openapi-generator.jar"
DOCUMENT = "openapi.json"
_QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
_PATIENCE_S = 10 * CEILING_S


def run(*command: str | Path, folder: Path, variables: Mapping[str, str] | None = None, may_fail: bool = False) -> str:
    """What a program prints until its end; the test fails where the program does, unless it `may_fail`."""
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
        env=os.environ | _QUIET | dict(variables or {}),
    )
    assert may_fail or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def npm_program(name: str) -> Path:
    """The path of a program from npm; skips the test where it, or node, is missing."""
    program = PACKAGES / ".bin" / name
    if shutil.which("node") is None or not program.exists():
        pytest.skip(f"there is no node, or no {name}: `make tools`, with node 20.19 or newer")
    return program


def complaints_of_redocly(folder: Path) -> tuple[list[str], int]:
    """What Redocly complains of in the folder's document, as `rule place`, and how many complaints our ignore file answers."""
    program = npm_program("redocly")
    for name in ("redocly.yaml", ".redocly.lint-ignore.yaml"):
        shutil.copy(HOME / name, folder)
    printed = run(program, "lint", DOCUMENT, "--format", "json", "--max-problems", "500", folder=folder, may_fail=True)
    judged = json.loads(printed)
    found = [f"{one['ruleId']} {one['location'][0]['pointer']}" for one in judged["problems"]]
    return found, judged["totals"]["ignored"]


def complaints_of_spectral(folder: Path) -> list[str]:
    """What Spectral complains of in the folder's document, hints included, as `rule place`."""
    program = npm_program("spectral")
    shutil.copy(HOME / "spectral.yaml", folder)
    printed = run(program, "lint", DOCUMENT, "-r", "spectral.yaml", "-f", "json", "--quiet", folder=folder, may_fail=True)
    return [f"{one['code']} {'/'.join(map(str, one['path']))}" for one in json.loads(printed)]


def written(folder: Path, document: Mapping[str, Any] | bytes) -> Path:
    """The folder, with the document in it under the name that the tools' settings use."""
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    (folder / DOCUMENT).write_bytes(content)
    return folder


def require_java_and_go() -> Sequence[str]:
    """The programs java and go; skips the test where one of them, or the generator, is missing."""
    found = [shutil.which(name) for name in ("java", "go")]
    if not all(found) or not GO_GENERATOR.is_file():
        pytest.skip("there is no Java, no compiler of Go, or no generator: `make tools`, where there are both")
    return [one for one in found if one is not None]
