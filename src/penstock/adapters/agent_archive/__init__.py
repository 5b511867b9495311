"""The archive that installs agents: the agent, the one library that it needs, and the installer's last step.

It contains only text that runs on any platform with Python; compiled parts are left out. It is built from the packages
installed on this server, so an agent always has its server's version. Layout, below one folder:
`configure.sh`, `bin/penstock-agent`, `lib/…`.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import importlib.util
import io
import tarfile
from pathlib import Path

_HERE = Path(__file__).parent
_TEXTS = (".py", ".typed")


def build_archive(folder: str) -> bytes:
    """The archive as gzipped tar, everything below a folder with this name; equal contents produce equal bytes."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        _add(archive, f"{folder}/configure.sh", (_HERE / "configure.sh").read_bytes(), executable=True)
        _add(archive, f"{folder}/bin/penstock-agent", (_HERE / "penstock-agent.sh").read_bytes(), executable=True)
        for package in ("penstock_agent", "websockets"):
            source = _folder_of(package)
            for file in sorted(one for one in source.rglob("*") if one.suffix in _TEXTS):
                _add(archive, f"{folder}/lib/{source.name}/{file.relative_to(source)}", file.read_bytes())
        for name, text in _licences("websockets"):
            _add(archive, f"{folder}/lib/websockets/{name}", text)
    return out.getvalue()


def _folder_of(package: str) -> Path:
    """The directory of an installed package. No code of the package is run."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {package} is not installed")
    return Path(found.origin).parent


def _licences(distribution: str) -> list[tuple[str, bytes]]:
    """The licence of a distributed library, as shipped with it."""
    files = importlib.metadata.files(distribution) or []
    return [(file.name, file.read_binary()) for file in files if file.name.upper().startswith("LICEN")]


def _add(archive: tarfile.TarFile, name: str, body: bytes, *, executable: bool = False) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(body), 0o755 if executable else 0o644
    archive.addfile(entry, io.BytesIO(body))
