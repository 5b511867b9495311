"""A file system that forgets, at a power cut, what was not fsynced: a program of its own, mounted with FUSE.

    python -m tests.prove.lossyfs DISK MOUNT

Everything lives in memory twice: as programs see it (*live*) and as the disk would have it (*disk*). `fsync` on a file
brings its bytes from the one to the other, `fsync` on a directory its names. The folder DISK is read at the start.

One line on standard input, `cut SEED KEEP`, is the power cut. From then on every call fails with EIO. DISK gets what the
disk has: with KEEP 0 exactly what was fsynced; with KEEP above 0 also each other sector with that probability, and the
first few of the changes of names, as a disk that wrote on its own account, in an order of its own, leaves it. Sectors of
512 bytes are whole or not there; a write larger than one can be torn. The answer is one line of JSON.

Not modelled: owners and times, hard links, a disk that lies about fsync.
"""

from __future__ import annotations

import errno
import functools
import json
import os
import random
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mfusepy

SECTOR = 512


class File:
    """The bytes of a file as programs see them, and as the disk has them."""

    mode = stat.S_IFREG | 0o600

    def __init__(self, content: bytes = b"") -> None:
        self.live = bytearray(content)
        self.disk = bytearray(content)
        self.dirty: set[int] = set()

    def write(self, offset: int, data: bytes) -> None:
        if offset > len(self.live):
            self._touch(len(self.live), offset)
            self.live.extend(bytes(offset - len(self.live)))
        self._touch(offset, offset + len(data))
        self.live[offset : offset + len(data)] = data

    def truncate(self, size: int) -> None:
        self._touch(min(size, len(self.live)), max(size, len(self.live)))
        if size < len(self.live):
            del self.live[size:]
        else:
            self.live.extend(bytes(size - len(self.live)))

    def sync(self) -> None:
        self._keep(self.dirty)
        self._resize(len(self.live))
        self.dirty.clear()

    def lose_power(self, chance: random.Random, keep: float) -> int:
        """Keep some sectors; how many bytes were forgotten."""
        kept = {sector for sector in sorted(self.dirty) if chance.random() < keep}
        self._keep(kept)
        if chance.random() < keep:
            self._resize(len(self.live))
        return (len(self.dirty) - len(kept)) * SECTOR

    def _touch(self, start: int, end: int) -> None:
        self.dirty.update(range(start // SECTOR, -(-end // SECTOR)))

    def _keep(self, sectors: set[int]) -> None:
        for sector in sectors:
            start = sector * SECTOR
            part = self.live[start : start + SECTOR]
            if start + len(part) > len(self.disk):
                self._resize(start + len(part))
            self.disk[start : start + len(part)] = part

    def _resize(self, size: int) -> None:
        if size < len(self.disk):
            del self.disk[size:]
        else:
            self.disk.extend(bytes(size - len(self.disk)))


class Folder:
    """The names of a directory as programs see them, and as the disk has them."""

    mode = stat.S_IFDIR | 0o700

    def __init__(self) -> None:
        self.live: dict[str, Node] = {}
        self.disk: dict[str, Node] = {}


Node = File | Folder
Change = tuple[Folder, str, Node | None]


class Tree:
    """All files and folders, and the changes of names that no fsync has made durable yet, in their order."""

    def __init__(self, disk: Path) -> None:
        self.root = _load(disk)
        self._disk = disk
        self._changes: list[list[Change]] = []

    def find(self, path: str) -> Node:
        node: Node = self.root
        for name in Path(path).parts[1:]:
            if not isinstance(node, Folder) or name not in node.live:
                raise mfusepy.FuseOSError(errno.ENOENT)
            node = node.live[name]
        return node

    def folder_of(self, path: str) -> tuple[Folder, str]:
        folder = self.find(os.path.dirname(path))
        if not isinstance(folder, Folder):
            raise mfusepy.FuseOSError(errno.ENOTDIR)
        return folder, os.path.basename(path)

    def change(self, *changes: Change) -> None:
        """Set names, or take them away, as one step."""
        _apply(changes, "live")
        self._changes.append(list(changes))

    def sync_folder(self, folder: Folder) -> None:
        """Bring every step that touches the folder to the disk; steps are never parted."""
        durable = [step for step in self._changes if any(changed is folder for changed, _, _ in step)]
        for step in durable:
            _apply(step, "disk")
        self._changes = [step for step in self._changes if step not in durable]

    def lose_power(self, seed: int, keep: float) -> dict[str, int]:
        """Write to the disk folder what a disk would hold after a power cut."""
        chance = random.Random(seed)
        survivors = chance.randint(0, len(self._changes)) if keep else 0
        for step in self._changes[:survivors]:
            _apply(step, "disk")
        forgotten = sum(file.lose_power(chance, keep) for file in _files(self.root))
        _save(self.root, self._disk)
        return {"forgotten_bytes": forgotten, "forgotten_names": len(self._changes) - survivors}


def _apply(changes: list[Change] | tuple[Change, ...], side: str) -> None:
    for folder, name, node in changes:
        names: dict[str, Node] = getattr(folder, side)
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


def _load(disk: Path) -> Folder:
    folder = Folder()
    for path in disk.iterdir():
        folder.live[path.name] = _load(path) if path.is_dir() else File(path.read_bytes())
    folder.disk = dict(folder.live)
    return folder


def _files(folder: Folder) -> list[File]:
    found: dict[int, File] = {}
    for node in [*folder.live.values(), *folder.disk.values()]:
        for file in _files(node) if isinstance(node, Folder) else [node]:
            found[id(file)] = file
    return list(found.values())


def _save(folder: Folder, disk: Path) -> None:
    disk.mkdir(mode=0o700, exist_ok=True)
    for path in disk.iterdir():
        node = folder.disk.get(path.name)
        if path.is_dir() and not isinstance(node, Folder):
            _save(Folder(), path)
            path.rmdir()
        elif not path.is_dir() and not isinstance(node, File):
            path.unlink()
    for name, node in folder.disk.items():
        if isinstance(node, Folder):
            _save(node, disk / name)
        else:
            (disk / name).write_bytes(node.disk)
            (disk / name).chmod(0o600)


def _powered(call: Callable[..., Any]) -> Callable[..., Any]:
    """One call at a time, and none after the power cut."""

    @functools.wraps(call)
    def guarded(self: LossyFileSystem, *args: Any) -> Any:
        with self._turn:
            if self.dead:
                raise mfusepy.FuseOSError(errno.EIO)
            return call(self, *args)

    return guarded


class LossyFileSystem(mfusepy.Operations):
    """The calls that SQLite and Penstock make. What is missing here is answered with ENOSYS by libfuse."""

    use_ns = True

    def __init__(self, disk: Path) -> None:
        self.tree = Tree(disk)
        self._turn = threading.RLock()
        self.dead = False

    def init(self, path: str) -> None:
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        print("mounted", flush=True)  # noqa: T201
        for line in sys.stdin:
            _, seed, keep = line.split()
            with self._turn:
                self.dead = True
                print(json.dumps(self.tree.lose_power(int(seed), float(keep))), flush=True)  # noqa: T201

    @_powered
    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        node = self.tree.find(path)
        size = len(node.live) if isinstance(node, File) else 4096
        return {"st_mode": node.mode, "st_size": size, "st_nlink": 1, "st_uid": os.getuid(), "st_gid": os.getgid()}

    @_powered
    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *self.tree.find(path).live]

    @_powered
    def mkdir(self, path: str, mode: int) -> int:
        self.tree.change((*self.tree.folder_of(path), Folder()))
        return 0

    @_powered
    def rmdir(self, path: str) -> int:
        if self.tree.find(path).live:
            raise mfusepy.FuseOSError(errno.ENOTEMPTY)
        self.tree.change((*self.tree.folder_of(path), None))
        return 0

    @_powered
    def create(self, path: str, mode: int) -> int:
        self.tree.change((*self.tree.folder_of(path), File()))
        return 0

    @_powered
    def open(self, path: str, flags: int) -> int:
        self.tree.find(path)
        return 0

    @_powered
    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self.tree.find(path).live[offset : offset + size])

    @_powered
    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self.tree.find(path).write(offset, data)
        return len(data)

    @_powered
    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        self.tree.find(path).truncate(length)
        return 0

    @_powered
    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self.tree.find(path).sync()
        return 0

    @_powered
    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        self.tree.sync_folder(self.tree.find(path))
        return 0

    @_powered
    def unlink(self, path: str) -> int:
        self.tree.change((*self.tree.folder_of(path), None))
        return 0

    @_powered
    def rename(self, old: str, new: str) -> int:
        node = self.tree.find(old)
        self.tree.change((*self.tree.folder_of(old), None), (*self.tree.folder_of(new), node))
        return 0

    @_powered
    def chmod(self, path: str, mode: int) -> int:
        return 0

    @_powered
    def chown(self, path: str, uid: int, gid: int) -> int:
        return 0

    @_powered
    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        return 0

    @_powered
    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 22, "f_bfree": 1 << 21, "f_bavail": 1 << 21}


if __name__ == "__main__":
    mfusepy.FUSE(LossyFileSystem(Path(sys.argv[1])), sys.argv[2], foreground=True, nothreads=True)
