"""How far an import is, in a small file: `$XDG_STATE_HOME/penstock/imports/`, by default in `~/.local/state`.

It is written after each block that is stored, and replaced as a whole. A command that is killed has sent at most some blocks more
than it says. They are sent again under the same dedupe keys, which follow from the file: also if this one is lost.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from penstock.cli.imports.errors import ImportFailed

REMEMBERED_S = 23 * 3600
"""The server remembers dedupe keys on the day of arrival and the day after, which is a day at least."""


class Progress(msgspec.Struct):
    """Where an import is: the place in the file, the number of the next record there, and the outcomes of those before it."""

    fingerprint: str
    dedupe: str
    place: int = 0
    row: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    rejected: int = 0
    rejected_bytes: int = 0
    rejected_file: str = ""
    done: bool = False
    saved_s: float = 0.0

    @property
    def begun(self) -> bool:
        """Whether something may have been sent."""
        return self.saved_s > 0

    @property
    def is_late(self) -> bool:
        """Whether the server may have forgotten what was on its way when the command ended."""
        return self.begun and not self.done and time.time() - self.saved_s > REMEMBERED_S


class State:
    """The file of one import, which only one command uses at a time."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def load(self) -> Progress | None:
        """How far the import is; None if there was none."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Progress)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def save(self, progress: Progress) -> None:
        """Replace what the file says."""
        progress.saved_s = time.time()
        part = self._file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(progress))
        part.replace(self._file)


@contextmanager
def state_of(path: Path, *identity: str) -> Iterator[State]:
    """The state of an import of a file, to a server, of devices: what tells it from other imports.

    Raises:
        ImportFailed: another command imports the same file.
    """
    base = os.environ.get("XDG_STATE_HOME", "").strip()
    folder = (Path(base) if base else Path.home() / ".local" / "state") / "penstock" / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = hashlib.blake2b("\0".join([str(path.resolve()), *identity]).encode(), digest_size=16).hexdigest()
    with (folder / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportFailed(path=path, reason="another command imports it at the moment") from None
        yield State(folder / f"{name}.json")


def dedupe_of(fingerprint: str, salt: str = "") -> str:
    """What the dedupe keys of a file begin with."""
    return f"import-{hashlib.blake2b(f'{fingerprint} {salt}'.encode(), digest_size=9).hexdigest()}-"
