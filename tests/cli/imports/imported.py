"""What the tests of imports share: a server, files of readings, and what the server has of them."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.cli.commands import create_device
from tests.support.server import RunningServer, clean_environment, run_cli

UNPACED = {"PENSTOCK_LIMITS_BACKFILL_PER_SECOND": "0"}


@dataclass
class Target:
    """A server to import to, and a home for the command's own files."""

    server: RunningServer
    home: Path

    @property
    def environment(self) -> dict[str, str | None]:
        return {
            "PENSTOCK_URL": self.server.base_url,
            "PENSTOCK_API_KEY": self.server.orgs["Acme"].api_key,
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
        }

    def run(self, *args: str, entered: bytes | None = None) -> subprocess.CompletedProcess[str]:
        return run_cli(*args, environment=self.environment, entered=entered)

    def whole_environment(self) -> dict[str, str]:
        """For a process of its own, as a shell starts one."""
        return clean_environment(self.environment)

    def devices(self, count: int = 1) -> list[str]:
        with self.server.client(self.server.orgs["Acme"]) as api:
            return [create_device(api, f"Imported {number}")[0] for number in range(count)]

    def stored(self, device: str) -> list[dict[str, object]]:
        """All readings of a device, oldest first."""
        org = self.server.orgs["Acme"]
        with self.server.client(org) as api:
            answer = api.get(f"/api/v2/devices/{device}/telemetry/export?format=ndjson&from=1970-01-02T00:00:00Z")
            assert answer.status_code == 200, answer.text
            return [msgspec.json.decode(line) for line in answer.text.splitlines()]

    def values(self, devices: Sequence[str], key: str = "n") -> Counter[object]:
        """How often each value of a sensor is stored, over devices."""
        return Counter(row["data"][key] for device in devices for row in self.stored(device))  # type: ignore[index]


def target_on(server: RunningServer, home: Path) -> Target:
    return Target(server, home)


def written(file: Path, devices: Sequence[str], count: int, more: Mapping[str, str] | None = None) -> Path:
    """A file of CSV with `n` counting up, one reading a second and device, of the hours before now."""
    first_s = int(time.time()) - 3_600 - count // len(devices)
    more = more or {}
    lines = [",".join(("device_id", "time", "n", *more))]
    for n in range(count):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(first_s + n // len(devices)))
        lines.append(",".join((devices[n % len(devices)], at, str(n), *more.values())))
    file.write_text("\n".join(lines) + "\n")
    return file
