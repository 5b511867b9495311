"""`python -m clients.generator.breaking`: tell what breaks programs that were generated from the contract of the last tag.

buf compares the two, by the rules in `proto/buf.yaml`. It ends with 1 if something breaks.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import msgspec

from clients.generator.buf import buf, told

FOLDER = "proto"


class Compared(msgspec.Struct, frozen=True):
    """What a comparison found. `is_kept`: programs for the former contract work with this one; `text` is for a person."""

    is_kept: bool
    text: str


def compare(root: Path) -> Compared:
    """Compare the contract in a working tree with that of its last tag. Without a former one there is nothing to break."""
    found = _git(root, "describe", "--tags", "--abbrev=0")
    if found.returncode:
        return Compared(True, f"There is no tag to compare the contract with ({told(found)}).")
    tag = found.stdout.decode().strip()
    if not _git(root, "ls-tree", "--name-only", tag, f"{FOLDER}/").stdout:
        return Compared(True, f"{tag} has no contract to compare with.")
    archive = _git(root, "archive", "--format=tar", tag, FOLDER)
    if archive.returncode:
        return Compared(False, told(archive))
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as former:
            former.extractall(folder, filter="data")
        done = buf("breaking", str(root / FOLDER), "--against", str(Path(folder) / FOLDER))
    if done.returncode:
        return Compared(False, f"The contract breaks programs for {tag}:\n{told(done)}")
    return Compared(True, f"The contract keeps what programs for {tag} need.")


def main(root: Path) -> int:
    """Print what was found, and return the exit code."""
    found = compare(root)
    sys.stdout.write(f"{found.text}\n")
    return 0 if found.is_kept else 1


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)  # noqa: S603, S607  # git of the path


if __name__ == "__main__":
    sys.exit(main(Path()))
