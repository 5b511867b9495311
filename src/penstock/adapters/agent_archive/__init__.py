"""The archive that installs agents: the agent, the one library that it needs, and the files of an installer.

It contains only text that runs on any platform with Python 3.9 or newer. The agent is the package installed on this server, so
an agent always has its server's version. The library is the last version for Python 3.9, as published: the server's own needs a
newer Python. Layout, below one folder: the installer's files, `bin/penstock-agent`, `lib/…`.

Source: websockets 15.0.1 (BSD-3-Clause), the file on PyPI; `tests/adapters/test_agent_archive.py` has its hash.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

LIBRARY = Path(__file__).with_name("websockets-15.0.1-py3-none-any.whl")
_HERE = Path(__file__).parent
_TEXTS = (".py", ".typed")


def build_archive(folder: str, installer: Mapping[str, bytes]) -> bytes:
    """The archive as gzipped tar, everything below a folder with this name; equal contents produce equal bytes.

    `installer` are further files by name, of which those that end in `.sh` can be executed.
    """
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in installer.items():
            _add(archive, f"{folder}/{name}", text, executable=name.endswith(".sh"))
        _add(archive, f"{folder}/bin/penstock-agent", (_HERE / "penstock-agent.sh").read_bytes(), executable=True)
        source = _folder_of("penstock_agent")
        for file in sorted(one for one in source.rglob("*") if one.suffix in _TEXTS):
            _add(archive, f"{folder}/lib/{source.name}/{file.relative_to(source)}", file.read_bytes())
        for name, text in _library_files():
            _add(archive, f"{folder}/lib/{name}", text)
    return out.getvalue()


def _folder_of(package: str) -> Path:
    """The directory of an installed package. No code of the package is run."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {package} is not installed")
    return Path(found.origin).parent


def _library_files() -> Iterator[tuple[str, bytes]]:
    """The library's modules and its licence."""
    with zipfile.ZipFile(LIBRARY) as wheel:
        for name in sorted(wheel.namelist()):
            if name.endswith(_TEXTS) and ".dist-info/" not in name:
                yield name, wheel.read(name)
            elif name.rpartition("/")[2] == "LICENSE":
                yield "websockets/LICENSE", wheel.read(name)


def _add(archive: tarfile.TarFile, name: str, body: bytes, *, executable: bool = False) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(body), 0o755 if executable else 0o644
    archive.addfile(entry, io.BytesIO(body))
