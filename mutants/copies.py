"""A temporary copy of the tree: bugs are planted and tests are run there, never in the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".import_linter_cache", "build", "data", "*.egg-info"
)
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
GATE = ("-m", "not prove")


@dataclass(frozen=True)
class Verdict:
    """The result of a test run: the first test that failed, if one did, and the duration."""

    found_by: str | None
    seconds: float


class Copy:
    """One copy, in which one bug at a time is planted."""

    def __init__(self, root: Path) -> None:
        self.root = root
        paths = [str(root / "src"), str(root / "agent"), str(root)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PENSTOCK_", "PYTHON", "PYTEST_"))}
        self._environment = kept | {"PYTHONPATH": os.pathsep.join(paths)}

    def check(self) -> None:
        """Check that tests run in this copy import the packages of this copy.

        Raises:
            RuntimeError: they would test another tree, and find nothing.
        """
        command = [sys.executable, "-c", "import penstock, penstock_agent; print(penstock.__file__, penstock_agent.__file__)"]
        output = subprocess.run(command, cwd=self.root, env=self._environment, capture_output=True, text=True, check=True).stdout
        if not all(Path(where).is_relative_to(self.root) for where in output.split()):
            raise RuntimeError(f"tests would import another tree: {output}")

    @contextmanager
    def with_bug(self, place: Path, text: str) -> Iterator[None]:
        """Replace the text of a file for the duration of the block."""
        path = self.root / place
        before = path.read_text("utf-8")
        path.write_text(text, "utf-8")
        try:
            yield
        finally:
            path.write_text(before, "utf-8")

    def run(self, what: Sequence[str], timeout_s: float) -> Verdict:
        """Run tests until the first failure. A run that does not end has found the bug too: it hangs."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", *what]
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=self.root, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.terminate()
            output, _ = process.communicate()
            return Verdict(f"the tests did not end within {timeout_s:.0f} s", time.monotonic() - began)
        seconds = time.monotonic() - began
        if process.returncode in (0, 5):
            return Verdict(None, seconds)
        first = FAILED.search(output)
        return Verdict(first[1] if first else f"pytest ended with {process.returncode}: {output[-300:]}", seconds)


@contextmanager
def copy_of(root: Path) -> Iterator[Copy]:
    """A copy of a tree, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="penstock-mutants-") as folder:
        place = Path(folder) / "tree"
        shutil.copytree(root, place, ignore=LEFT_OUT, symlinks=True)
        found = Copy(place)
        found.check()
        yield found
