"""Backups with members that no backup has."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

Members = list[tuple[tarfile.TarInfo, bytes]]


def planted(archive: Path, target: Path, change: Callable[[Members], Members]) -> Path:
    """A copy of a backup with other members; the manifest is not brought in line."""
    with tarfile.open(archive) as source:
        members = [(entry, source.extractfile(entry).read()) for entry in source]  # type: ignore[union-attr]
    with tarfile.open(target, "w") as out:
        for entry, content in change(members):
            out.addfile(entry, io.BytesIO(content))
    return target


def extra(name: str, content: bytes = b"x", kind: bytes = tarfile.REGTYPE, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    entry.size = len(content) if kind == tarfile.REGTYPE else 0
    return entry, content
