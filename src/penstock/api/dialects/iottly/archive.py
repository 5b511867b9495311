"""The agent's archive, as `inspect` names it. It is public, because the vendor's installer downloads it without a key.

The installer expects `configure.sh` in the folder `iottly.com-agent`. Source: surfaces/iottly.md 2.9.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.core.tenancy.config import InstallerConfig
from penstock.core.tenancy.models import Platform
from penstock.kit.http import RouteNotFound
from penstock.kit.operation import Example

FOLDER = "iottly.com-agent"
_INSTALLER = Path(__file__).with_name("installer")
_HEADERS = [(b"cache-control", b"no-cache")]


def installer_files() -> dict[str, bytes]:
    """The installer's last step, which pairs the device and installs the vendor's names, and the systemd unit, by name."""
    return {file.name: file.read_bytes() for file in sorted(_INSTALLER.iterdir())}


class ArchiveEndpoints:
    """The archive, built at the first request."""

    routes = Routes("/getagent", surface="system", tag="System")

    def __init__(self, config: InstallerConfig, build: Callable[[str, Mapping[str, bytes]], bytes]) -> None:
        self._names = {config.file.format(platform=one.value.replace(" ", "")) for one in Platform}
        self._build = build
        self._lock = asyncio.Lock()
        self._archive: bytes | None = None

    @routes.get(
        "/{archive}",
        scope=None,
        media_type="application/gzip",
        example=Example(path={"archive": "penstock-agent_linux_AMD64.tar.gz"}, answer="…"),
    )
    async def get(self, call: Call[None, None]) -> Answer[str]:
        """Get the agent's archive (Iottly).

        A gzipped tar file with the agent and `configure.sh`, the same for every platform. It requires Python 3.9. `inspect`
        returns its address.
        """
        if call.path["archive"] not in self._names:
            raise RouteNotFound()
        # Installers that download at the same time wait for one build.
        async with self._lock:
            if self._archive is None:
                self._archive = await asyncio.to_thread(self._build, FOLDER, installer_files())
        return Answer(body=self._archive, headers=_HEADERS)
