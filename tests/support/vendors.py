"""Packages of npm that tests read: codecs that makers of devices publish, and what judges pages. Nothing of them is kept here.

Each is pinned by version and by the hash of its package; whatever else lies there is not read. `make tools` fetches them.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(sys.executable).parent.parent / "vendors"
MISSING = "packages of npm are not here, and nobody could fetch them: `make tools`"


@dataclass(frozen=True)
class Package:
    """A package of a maker's. `sha512` is its integrity as the registry gives it."""

    file: str
    license: str
    source: str
    sha512: str

    @property
    def is_here(self) -> bool:
        return (FOLDER / self.file).is_file()

    def read(self, *names: str) -> str:
        """Files of the package, one after the other."""
        path = FOLDER / self.file
        found = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
        assert found == self.sha512, f"{self.file} is not the package that was pinned"
        with tarfile.open(path) as archive:
            members = [archive.extractfile(f"package/{name}") for name in names]
            return "\n".join(member.read().decode() for member in members if member is not None)


ADEUNIS = Package(
    file="adeunis-codecs-1.6.1.tgz",
    license="MIT",
    source="https://www.npmjs.com/package/@adeunis/codecs/v/1.6.1",
    sha512="HVMuLX7j/AgIfaQTXnLFAKl88FlVsN10bDk+JjhKqwRK0Znx6hiAWw+oVTpLXreLh8H2C5UUHdXsgNjembBi5w==",
)
TE_CONNECTIVITY = Package(
    file="te-connectivity-iot-codec-3.0.0.tgz",
    license="MIT",
    source="https://github.com/TEConnectivity/iot-codec",
    sha512="wlLVWNm1Ak9+4ZfYP8Av2+gL9xndBcYeiqLDOwCAjhfUgeHouv8cJvJVr8MpG+CJnIBoKErG/vz14bd76/NxPw==",
)
AXE_CORE = Package(
    file="axe-core-4.14.1.tgz",
    license="MPL-2.0",
    source="https://github.com/dequelabs/axe-core",
    sha512="FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
"""It judges the accessibility of the console's pages in a browser: `AXE_CORE.read("axe.min.js")` is its script."""
