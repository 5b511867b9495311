"""New control databases that are copied: nearly every test makes one, and all migrations take longer than most tests."""

from __future__ import annotations

import contextlib
import functools
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from penstock.adapters.storage.sqlite import migrations

Migrate = Callable[[Path, str], list[str]]


def make_new_databases_quick() -> None:
    """Let this process copy a database that the same migrations made. One that exists already is migrated as always."""
    migrate: Migrate = migrations._migrate

    @functools.cache
    def migrated(_: tuple[Path, ...]) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / migrations.CONTROL_FILE
            migrate(file, "")
            return file.read_bytes()

    def copied_or_migrated(path: Path, now_text: str) -> list[str]:
        files = migrations.migration_files()
        if path.exists() or not path.parent.is_dir():
            return migrate(path, now_text)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.write_bytes(migrated(tuple(files)))
        with contextlib.suppress(FileExistsError):  # another process was first
            path.hardlink_to(draft)
        draft.unlink()
        return [file.stem for file in files]

    migrations._migrate = copied_or_migrated
