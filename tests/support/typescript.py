"""The TypeScript client as its users have it: compiled, and installed as a package for programs that node runs.

The compiler comes from `make tools` (`clients/typescript/package-lock.json`). Where it, or node, is missing, the tests skip.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import Org
from tests.support.waiting import CEILING_S

SOURCE = Path(__file__).parents[2] / "clients" / "typescript"
COMPILER = Path(sys.executable).parent.parent / "typescript" / "node_modules" / "typescript" / "bin" / "tsc"


def require_node() -> str:
    """The program node; skips the test where it, or the compiler, is missing."""
    node = shutil.which("node")
    if node is None or not COMPILER.is_file():
        pytest.skip("there is no node, or no TypeScript compiler: `make tools`")
    return node


def compile_in(folder: Path, *arguments: str) -> None:
    """Run the compiler, which must find nothing wrong."""
    done = subprocess.run([require_node(), str(COMPILER), *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


class Installed:
    """A folder with the compiled package in `node_modules`, in which programs are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "node_modules" / "@penstock" / "client"
        self.package.mkdir(parents=True)
        shutil.copy(SOURCE / "package.json", self.package)
        compile_in(SOURCE, "-p", ".", "--outDir", str(self.package / "dist"))

    @contextmanager
    def program(self, file: Path, variables: Mapping[str, str]) -> Iterator[Program]:
        """A program that runs, and is ended at the end."""
        if not file.is_relative_to(self.folder):
            file = Path(shutil.copy(file, self.folder))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PENSTOCK_", "NODE_"))}
        process = subprocess.Popen(
            [require_node(), str(file)],
            cwd=self.folder,
            env={**kept, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield Program(process)
            finally:
                process.kill()

    def run(self, file: Path, variables: Mapping[str, str]) -> str:
        """What a program prints until its end, which must be a good one."""
        with self.program(file, variables) as program:
            printed, complaints = program.process.communicate(timeout=CEILING_S)
            assert program.process.returncode == 0, printed + complaints
            return printed


class Program:
    """A program that runs: it prints a line of JSON for each thing that happens, and reads lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def next(self) -> Any:
        """The next line that it prints."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr and self.process.stderr.read()
        return json.loads(line)


def reaching(base_url: str, org: Org) -> dict[str, str]:
    """The variables with which a program reaches a server."""
    return {"PENSTOCK_URL": base_url, "PENSTOCK_KEY": org.api_key, "PENSTOCK_ORG": org.organization_id}
